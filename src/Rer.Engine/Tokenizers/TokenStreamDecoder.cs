namespace Rer.Engine.Tokenizers;

/// <summary>Decodes tokens as they are generated. All it gives is together what <see cref="ITokenizer.Decode"/> gives for all.</summary>
/// <remarks>
/// Text is held back as long as a later token can still change it: the bytes of a character that is not complete, and a run of
/// byte pieces (<c>&lt;0xNN&gt;</c>), which is read as a whole once it ends. Each step decodes all tokens so far.
/// </remarks>
/// <param name="tokenizer">The tokenizer that the tokens are of.</param>
/// <param name="skipSpecialTokens">Leave special tokens out of the text.</param>
public sealed class TokenStreamDecoder(ITokenizer tokenizer, bool skipSpecialTokens = true)
{
    private const char Replacement = '\uFFFD';

    private readonly List<int> _ids = [];
    private string _given = "";

    /// <summary>Takes the next token; gives the text that is now certain, which may be empty.</summary>
    public string Add(int id)
    {
        _ids.Add(id);
        var text = IsBytePiece(id) ? _given : Decode().TrimEnd(Replacement);
        return Give(text);
    }

    /// <summary>The rest of the text, when there are no more tokens.</summary>
    public string Finish() => Give(Decode());

    private string Give(string text)
    {
        if (text.Length <= _given.Length) return "";
        var fresh = text[_given.Length..];
        _given = text;
        return fresh;
    }

    private string Decode() =>
        tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids), skipSpecialTokens);

    private bool IsBytePiece(int id) => tokenizer.IdToToken(id) is { Length: 6 } token
        && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>';
}
