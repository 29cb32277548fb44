namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Takes a character off both ends of each token, as often as it is there.</summary>
/// <param name="content">The character.</param>
/// <param name="start">How often at most at the start.</param>
/// <param name="stop">How often at most at the end.</param>
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
