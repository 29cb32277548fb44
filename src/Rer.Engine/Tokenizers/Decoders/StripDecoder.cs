namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Takes up to <paramref name="start"/> of a character off each token's start, and up to <paramref name="stop"/> off its end.</summary>
internal sealed class StripDecoder(string content, int start, int stop) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => tokens.ConvertAll(Strip);

    private string Strip(string token)
    {
        var from = 0;
        for (var i = 0; i < start && string.CompareOrdinal(token, from, content, 0, content.Length) == 0; i++) from += content.Length;
        var to = token.Length;
        for (var i = 0; i < stop && to - content.Length >= from; i++)
        {
            if (string.CompareOrdinal(token, to - content.Length, content, 0, content.Length) != 0) break;
            to -= content.Length;
        }
        return token[from..to];
    }
}
