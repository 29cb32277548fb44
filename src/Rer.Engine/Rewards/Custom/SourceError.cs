namespace Rer.Engine.Rewards.Custom;

/// <summary>What is wrong with a feature's source, and where.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column of the first character that is wrong, from 1; one past the end where something is missing there.</param>
/// <param name="Length">Characters that are wrong, at least 1.</param>
/// <param name="Message">What is wrong, and what would be right; a sentence.</param>
public sealed record SourceError(int Line, int Column, int Length, string Message)
{
    /// <summary>An error at a place of a text.</summary>
    /// <param name="text">The source.</param>
    /// <param name="start">Index of the first character that is wrong.</param>
    /// <param name="length">Characters that are wrong.</param>
    /// <param name="message">What is wrong.</param>
    public static SourceError At(string text, int start, int length, string message)
    {
        var before = text.AsSpan(0, Math.Min(start, text.Length));
        return new SourceError(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), Math.Max(1, length), message);
    }

    /// <summary>`line 1, column 7: ...`.</summary>
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
