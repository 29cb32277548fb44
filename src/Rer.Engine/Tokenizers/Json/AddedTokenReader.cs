using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads the description of an added token.</summary>
internal static class AddedTokenReader
{
    /// <summary>The token that <paramref name="element"/> describes.</summary>
    public static AddedToken Read(ConfigElement element, int id)
    {
        var special = element["special"].FlagOr(false);
        var content = element["content"].Text();
        if (content.Length > Vocabulary.LongestToken)
            throw element["content"].Broken($"a token of {content.Length:N0} characters; one may have {Vocabulary.LongestToken:N0}");
        return new AddedToken(
            id,
            content,
            element["single_word"].FlagOr(false),
            element["lstrip"].FlagOr(false),
            element["rstrip"].FlagOr(false),
            element["normalized"].FlagOr(!special),
            special);
    }
}
