namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Something that can be looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>The first match that starts at <paramref name="from"/> or later.</summary>
    /// <exception cref="InvalidDataException">Looking for it takes more steps than there are in <paramref name="budget"/>.</exception>
    bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end);
}
