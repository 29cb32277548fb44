using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Splits at a pattern's matches: <c>Split</c>, <c>CharDelimiterSplit</c>, <c>Whitespace</c>, <c>Digits</c>, <c>Punctuation</c>.</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output) => PartSplitter.Split(part, pattern, behavior, invert, output);
}
