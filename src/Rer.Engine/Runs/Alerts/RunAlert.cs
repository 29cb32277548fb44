namespace Rer.Engine.Runs.Alerts;

/// <summary>Something about a run that its researcher should look at.</summary>
/// <param name="Kind">Which rule found it.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Text">The numbers, in a sentence or two.</param>
/// <param name="Opened">The step it was first true at.</param>
/// <param name="Closed">The step it was no longer true at; null while it is.</param>
public sealed record RunAlert(RunAlertKind Kind, string Title, string Text, int Opened, int? Closed)
{
    /// <summary>Whether it still holds.</summary>
    public bool Open => Closed is null;
}
