namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Writes the visible space as a space again; in the first token it goes where one had been put before the text.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool prepended) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var pieces = tokens.ConvertAll(token => token.Replace(replacement, " ", StringComparison.Ordinal));
        if (prepended && tokens.Count > 0) pieces[0] = tokens[0].Replace(replacement, "", StringComparison.Ordinal);
        return pieces;
    }
}
