using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Replaces a pattern's matches in each token.</summary>
internal sealed class ReplaceDecoder(ReplaceNormalizer replacement) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => tokens.ConvertAll(replacement.Normalize);
}
