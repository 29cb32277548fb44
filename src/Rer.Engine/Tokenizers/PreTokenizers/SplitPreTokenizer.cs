using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Splits at a pattern's matches. (<c>Split</c>, and every pre-tokenizer that is one with a fixed pattern.)</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output) => PartSplitter.Split(part, pattern, behavior, invert, output);
}
