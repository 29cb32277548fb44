namespace Rer.Engine.Data.Preferences;

/// <summary>Two responses to one prompt, the first better than the second.</summary>
/// <param name="Prompt">The query, template not applied.</param>
/// <param name="Chosen">The better response.</param>
/// <param name="Rejected">The worse response.</param>
/// <param name="Subset">What part of a set the pair belongs to; benches report accuracy by it.</param>
public sealed record PreferencePair(string Prompt, string Chosen, string Rejected, string? Subset = null)
{
    /// <summary>
    /// Share of annotators who prefer <see cref="Chosen"/>, in [0, 1]; 1 where one was asked. It is not saved with a set.
    /// </summary>
    public double Agreement { get; init; } = 1;
}
