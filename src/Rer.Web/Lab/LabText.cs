using Rer.Engine.Data;
using Rer.Engine.Gold;

namespace Rer.Web.Lab;

/// <summary>A response cut into words, with the rewards of its tokens brought onto them.</summary>
public static class LabText
{
    // Fewer letters than these may stand at the tokens' beginning by chance.
    private const int ShortestRest = 20;

    /// <summary>The words of a response, as the length incentive counts them, with their places.</summary>
    public static IReadOnlyList<LabWord> Words(string response)
    {
        var words = new List<LabWord>();
        var at = 0;
        foreach (var word in WordPunct.Tokenize(response))
        {
            var start = response.IndexOf(word, at, StringComparison.Ordinal);
            words.Add(new LabWord(word, response[at..start], start + word.Length));
            at = start + word.Length;
        }
        return words;
    }

    /// <summary>
    /// The reward read at the token that completes each word. Tokens carry their spaces in ways of their own, so texts are
    /// matched without them. A text beyond the model's context has lost its beginning: the words that are left are matched.
    /// </summary>
    /// <param name="words">Words of the response.</param>
    /// <param name="tokens">Every token of the wrapped text with its reward.</param>
    /// <returns>One reward a word; NaN for words that the tokens do not spell.</returns>
    public static double[] OnWords(IReadOnlyList<LabWord> words, IReadOnlyList<PrefixReward> tokens)
    {
        var rewards = Enumerable.Repeat(double.NaN, words.Count).ToArray();
        var spelled = string.Concat(tokens.Select(t => Bare(t.Token)));
        var response = string.Concat(words.Select(w => Bare(w.Text)));
        if (response.Length == 0 || PlaceOf(response, spelled) is not { } start) return rewards;
        var (token, tokenEnd, wordEnd) = (-1, 0, start);
        for (var i = 0; i < words.Count; i++)
        {
            wordEnd += Bare(words[i].Text).Length;
            if (wordEnd <= 0) continue;
            while (tokenEnd < wordEnd && token + 1 < tokens.Count) tokenEnd += Bare(tokens[++token].Token).Length;
            if (token >= 0) rewards[i] = tokens[token].Reward;
        }
        return rewards;
    }

    // Where the response begins among the tokens' letters: before the first where its own beginning is lost, null where it is not there.
    private static int? PlaceOf(string response, string spelled)
    {
        if (spelled.LastIndexOf(response, StringComparison.Ordinal) is >= 0 and var at) return at;
        for (var lost = 1; response.Length - lost >= ShortestRest; lost++)
            if (spelled.AsSpan().StartsWith(response.AsSpan(lost), StringComparison.Ordinal)) return -lost;
        return null;
    }

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\u2581'));
}
