namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Takes back the spaces that splitting at punctuation has put into English text.</summary>
internal static class EnglishCleanup
{
    private static readonly (string Split, string Joined)[] Replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
        (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>The text with those spaces taken back.</summary>
    public static string Apply(string text)
    {
        foreach (var (split, joined) in Replacements) text = text.Replace(split, joined, StringComparison.Ordinal);
        return text;
    }
}
