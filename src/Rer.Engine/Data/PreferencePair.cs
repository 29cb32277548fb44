namespace Rer.Engine.Data;

/// <summary>One row of a preference set: of two answers to a prompt, the one that was preferred and the other.</summary>
/// <param name="Prompt">The prompt as the user wrote it, template not applied.</param>
/// <param name="Chosen">The preferred answer.</param>
/// <param name="Rejected">The other answer.</param>
/// <param name="Subset">The part of the set that accuracy is reported for, where the set has parts.</param>
public sealed record PreferencePair(string Prompt, string Chosen, string Rejected, string? Subset = null);
