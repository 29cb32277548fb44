namespace Rer.Engine.Runs.Alerts;

/// <summary>An alert opened, or closed again.</summary>
/// <param name="Kind">Which rule it is of.</param>
/// <param name="Step">The step it happened at; that an alert has closed is known some steps later.</param>
/// <param name="Opened">Whether it opened; otherwise it closed.</param>
/// <param name="Text">The rule's number at that step, in a few words.</param>
public sealed record AlertChange(RunAlertKind Kind, int Step, bool Opened, string Text);
