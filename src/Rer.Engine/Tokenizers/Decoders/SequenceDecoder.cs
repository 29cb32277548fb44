using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>One decoder after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> decoders, string place) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var most = NormalLength.Growth * Length(tokens) + NormalLength.Allowance;
        foreach (var decoder in decoders)
        {
            tokens = decoder.Decode(tokens);
            if (Length(tokens) > most)
                throw new InvalidDataException($"{place}: makes more than {most:N0} characters, {NormalLength.Growth} times the tokens.");
        }
        return tokens;
    }

    private static long Length(List<string> tokens)
    {
        // A token that is empty may still become a space.
        var length = (long)tokens.Count;
        foreach (var token in tokens) length += token.Length;
        return length;
    }
}
