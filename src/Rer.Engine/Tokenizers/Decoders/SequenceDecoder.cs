namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>One decoder after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> decoders) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        foreach (var decoder in decoders) tokens = decoder.Decode(tokens);
        return tokens;
    }
}
