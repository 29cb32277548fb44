namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Makes one piece of all.</summary>
internal sealed class FuseDecoder : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
