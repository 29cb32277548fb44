using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.AddedTokens;

/// <summary>The added tokens of a tokenizer.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, AddedToken> _byContent = [];
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly HashSet<string> _special = [];

    /// <summary>The vocabulary of <paramref name="tokens"/>; where two share a content or an id, the later one holds.</summary>
    /// <param name="tokens">The added tokens, in the order of the file.</param>
    /// <param name="normalizer">Gives normalised tokens the form that is looked for.</param>
    public AddedVocabulary(IReadOnlyList<AddedToken> tokens, INormalizer? normalizer)
    {
        foreach (var token in tokens)
        {
            if (token.Content.Length == 0) continue;
            _byContent[token.Content] = token;
            _byId[token.Id] = token;
            if (token.Special) _special.Add(token.Content);
        }
        InText = new AddedTokenMatcher(_byContent.Values.Where(t => !t.Normalized).Select(t => (t.Content, t)));
        InNormalizedText = new AddedTokenMatcher(_byContent.Values.Where(t => t.Normalized)
            .Select(t => (normalizer?.Normalize(t.Content) ?? t.Content, t)));
    }

    /// <summary>Finds the tokens that are looked for in the text as it is given.</summary>
    public AddedTokenMatcher InText { get; }

    /// <summary>Finds the tokens that are looked for in the normalised text.</summary>
    public AddedTokenMatcher InNormalizedText { get; }

    /// <summary>One more than the highest id; 0 where there is no added token.</summary>
    public int Size => _byId.Count == 0 ? 0 : _byId.Keys.Max() + 1;

    /// <summary>The id of an added token, or null.</summary>
    public int? IdOf(string content) => _byContent.TryGetValue(content, out var token) ? token.Id : null;

    /// <summary>The added token of an id, or null.</summary>
    public string? TokenOf(int id) => _byId.TryGetValue(id, out var token) ? token.Content : null;

    /// <summary>Whether a token is left out when special tokens are skipped.</summary>
    public bool IsSpecial(string content) => _special.Contains(content);
}
