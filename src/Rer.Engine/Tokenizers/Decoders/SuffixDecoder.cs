namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Writes the suffix that ends a word as a space; after the last word it goes. (<c>BPEDecoder</c>)</summary>
internal sealed class SuffixDecoder(string suffix) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => tokens
        .Select((token, i) => token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))
        .ToList();
}
