namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Reads the output of connectionist temporal classification: repeats are one, padding is nothing, a token parts words.</summary>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleanup) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var pieces = new List<string>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            var piece = tokens[i].Replace(padToken, "", StringComparison.Ordinal);
            if (cleanup) piece = EnglishCleanup.Apply(piece).Replace(wordDelimiter, " ", StringComparison.Ordinal);
            if (piece.Length > 0) pieces.Add(piece);
        }
        return pieces;
    }
}
