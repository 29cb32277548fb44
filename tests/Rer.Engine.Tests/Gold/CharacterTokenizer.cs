using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Gold;

/// <summary>One token a character of ASCII; 0 pads, 1 begins and 2 ends a sequence (`^` and `$` in texts).</summary>
internal sealed class CharacterTokenizer : ITokenizer
{
    public int VocabularySize => 128;

    public int? BosId => 1;

    public int? EosId => 2;

    public int? PadId => 0;

    public int[] Encode(string text, bool addSpecialTokens = true) =>
        [.. (addSpecialTokens ? "^" + text : text).Select(c => c switch { '^' => 1, '$' => 2, _ => c & 127 })];

    public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
    {
        var (first, second) = (Encode(text, addSpecialTokens), Encode(pair, addSpecialTokens: false));
        int[] ids = [.. first, .. second];
        return new EncodedPair(ids, [.. ids.Select((_, i) => i < first.Length ? 0 : 1)], [.. ids.Select(id => id == 1 ? 1 : 0)]);
    }

    public string[] Tokenize(string text) => [.. text.Select(c => c.ToString())];

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var text = new char[ids.Length];
        for (var i = 0; i < ids.Length; i++) text[i] = ids[i] switch { 1 => '^', 2 => '$', var id => (char)id };
        return new string(text);
    }

    public int? TokenToId(string token) => token.Length == 1 ? token[0] : null;

    public string? IdToToken(int id) => ((char)id).ToString();
}
