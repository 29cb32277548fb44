using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Single code points that satisfy a predicate.</summary>
internal sealed class CodePointPattern(Func<int, bool> predicate) : ITextPattern
{
    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end)
    {
        for (start = from; start < text.Length; start = end)
        {
            var codePoint = CodePoint.At(text, start, out var length);
            end = start + length;
            if (predicate(codePoint)) return true;
        }
        end = start;
        return false;
    }
}
