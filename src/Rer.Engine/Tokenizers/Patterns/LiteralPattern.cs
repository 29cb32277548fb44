namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Occurrences of a fixed string.</summary>
internal sealed class LiteralPattern(string literal) : ITextPattern
{
    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end)
    {
        var at = text[from..].IndexOf(literal, StringComparison.Ordinal);
        if (at < 0)
        {
            (start, end) = (text.Length, text.Length);
            return false;
        }
        start = from + at;
        end = start + literal.Length;
        return true;
    }
}
