using System.Globalization;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Gold;

/// <summary>A text is its ids, written as numbers with spaces between.</summary>
internal sealed class IdTokenizer : ITokenizer
{
    public int VocabularySize => 61;

    public int? BosId => null;

    public int? EosId => null;

    public int? PadId => 0;

    public int[] Encode(string text, bool addSpecialTokens = true) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) => string.Join(' ', ids.ToArray());

    public int? TokenToId(string token) => int.Parse(token, CultureInfo.InvariantCulture);

    public string? IdToToken(int id) => id.ToString(CultureInfo.InvariantCulture);
}
