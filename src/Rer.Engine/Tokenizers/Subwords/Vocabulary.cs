namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Tokens by id and ids by token.</summary>
internal sealed class Vocabulary
{
    /// <summary>A token may have this many characters: so long the search for a token at one place of a text can take.</summary>
    public const int LongestToken = 4096;

    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly string?[] _tokens;

    /// <summary>A vocabulary of <paramref name="ids"/>.</summary>
    public Vocabulary(Dictionary<string, int> ids)
        : this(ids, new string?[ids.Count == 0 ? 0 : ids.Values.Max() + 1])
    {
        foreach (var (token, id) in ids) _tokens[id] = token;
    }

    /// <summary>A vocabulary in which several ids may be written the same way.</summary>
    public Vocabulary(Dictionary<string, int> ids, string?[] tokens)
    {
        _ids = ids;
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = tokens;
    }

    /// <summary>How many tokens there are; less than <see cref="Size"/> where ids have gaps.</summary>
    public int Count => Math.Max(_ids.Count, _tokens.Count(token => token is not null));

    /// <summary>One more than the highest id.</summary>
    public int Size => _tokens.Length;

    /// <summary>All tokens.</summary>
    public IEnumerable<string> Tokens => _ids.Keys;

    /// <summary>The id of a token, or null.</summary>
    public int? IdOf(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>Whether there is such a token; its id.</summary>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idsBySpan.TryGetValue(token, out id);

    /// <summary>The token of an id, or null.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, -1 where a byte has none.</summary>
    public int[] BytePieces() => Enumerable.Range(0, 256).Select(b => IdOf($"<0x{b:X2}>") ?? -1).ToArray();
}
