using System.Buffers;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.AddedTokens;

/// <summary>Finds added tokens in a text: from left to right, at each place the longest.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<char> _firstCharacters;
    private readonly PieceTrie _forms = new();
    private readonly List<AddedToken> _tokens = [];

    /// <summary>A matcher of tokens by what they look like in the text.</summary>
    public AddedTokenMatcher(IEnumerable<(string Form, AddedToken Token)> tokens)
    {
        var firstCharacters = new HashSet<char>();
        foreach (var (form, token) in tokens)
        {
            if (form.Length == 0) continue;
            firstCharacters.Add(form[0]);
            _forms.Add(form, _tokens.Count);
            _tokens.Add(token);
        }
        _firstCharacters = SearchValues.Create(firstCharacters.ToArray());
    }

    /// <summary>Calls <paramref name="found"/> for each token and each stretch between tokens (token null), in order.</summary>
    public void Split(string text, Action<AddedToken?, int, int> found)
    {
        var done = 0;
        for (var at = 0; TryFind(text, at, out var start, out var end, out var token); at = end)
        {
            if (token.SingleWord && (EndsInWord(text.AsSpan(0, start)) || StartsInWord(text.AsSpan(end)))) continue;
            // White space that the token before has swallowed is gone.
            if (token.StripsLeft) start = Math.Max(SpacesBefore(text, start, done), done);
            // Where it lies in what the token before has swallowed, all up to there is white space.
            var stop = token.StripsRight ? SpacesAfter(text, Math.Max(end, done)) : end;
            if (start > done) found(null, done, start);
            // A token that is white space itself may lie within what is gone: it counts, and covers nothing.
            found(token, start, Math.Max(start, stop));
            done = stop;
        }
        if (done < text.Length) found(null, done, text.Length);
    }

    private bool TryFind(string text, int from, out int start, out int end, out AddedToken token)
    {
        for (start = from; start < text.Length; start++)
        {
            var skip = text.AsSpan(start).IndexOfAny(_firstCharacters);
            if (skip < 0) break;
            start += skip;
            var length = _forms.Longest(text.AsSpan(start), out var index);
            if (length == 0) continue;
            (end, token) = (start + length, _tokens[index]);
            return true;
        }
        (end, token) = (text.Length, null!);
        return false;
    }

    private static bool EndsInWord(ReadOnlySpan<char> text) =>
        text.Length > 0 && IsWord(CodePoint.Before(text, text.Length, out _));

    private static bool StartsInWord(ReadOnlySpan<char> text) => text.Length > 0 && IsWord(CodePoint.At(text, 0, out _));

    // Here \w is that of Rust's regex, in which the joiners are word characters too.
    private static bool IsWord(int c) => c is 0x200C or 0x200D || CodePoint.IsWord(c);

    private static int SpacesBefore(string text, int at, int from)
    {
        while (at > from && char.IsWhiteSpace(text[at - 1])) at--;
        return at;
    }

    private static int SpacesAfter(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
