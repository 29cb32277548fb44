namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Joins the pieces of a word and puts spaces between words.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var pieces = new List<string>(tokens.Count);
        foreach (var token in tokens)
        {
            var piece = pieces.Count == 0 ? token
                : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
            pieces.Add(cleanup ? EnglishCleanup.Apply(piece) : piece);
        }
        return pieces;
    }
}
