using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Replaces a pattern's matches in each token.</summary>
internal sealed class ReplaceDecoder(INormalizer replacement) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => tokens.ConvertAll(token => replacement.Normalize(token));
}
