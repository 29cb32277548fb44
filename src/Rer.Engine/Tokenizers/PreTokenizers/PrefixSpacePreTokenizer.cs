namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Puts a space before a part that does not begin with one: <c>add_prefix_space</c> of byte-level tokenizers.</summary>
internal sealed class PrefixSpacePreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output) =>
        output.Add(part.Span.StartsWith(' ') ? part : new TextPart(" " + part, part.OpensText));
}
