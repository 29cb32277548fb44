namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Writes each byte of a part's UTF-8 form as one visible character (<see cref="ByteAlphabet"/>).</summary>
internal sealed class ByteAlphabetPreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output) =>
        output.Add(new TextPart(ByteAlphabet.Encode(part.Span), part.OpensText));
}
