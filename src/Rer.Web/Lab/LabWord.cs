namespace Rer.Web.Lab;

/// <summary>A word of a response, or a run of punctuation.</summary>
/// <param name="Text">The word.</param>
/// <param name="Before">The white space before it.</param>
/// <param name="End">Where it ends in the response; the prefix is all up to here.</param>
public sealed record LabWord(string Text, string Before, int End);
