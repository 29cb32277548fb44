using System.Globalization;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>Reading ease: Flesch's score over 100, cut to [0, 1]; high for short words in short sentences, 0 without a word.</summary>
/// <remarks>
/// <para>
/// Flesch 1948, "A new readability yardstick": 206.835 - 1.015 words / sentence - 84.6 syllables / word, about 0 to 100. Not of the paper
/// whose designs are the presets. Alone it rewards brevity: a response of one short word is as easy as can be.
/// </para>
/// <para>
/// The constants are fitted to English prose. Syllables are estimated from English spelling: groups of vowels, without a silent `e` at
/// the end. In other languages of Latin letters the value orders texts by length of words and sentences, and its height means nothing.
/// Words of other scripts are not counted: a text in Chinese, Arabic or Russian scores 0. Abbreviations end sentences, and a list without
/// full stops is one sentence.
/// </para>
/// </remarks>
internal sealed class ReadingEase : IRewardFeature
{
    private const string Vowels = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿāăąēĕėęěĩīĭįōŏőœũūŭůűų";

    /// <summary>Above the last letter of Latin Extended-B.</summary>
    private const char BeyondLatin = '\u0250';

    /// <inheritdoc/>
    public string Symbol => "FRE";

    /// <inheritdoc/>
    public string Name => "reading ease";

    /// <inheritdoc/>
    public string Formula => "Flesch's score / 100, in [0, 1]";

    /// <inheritdoc/>
    public string ShortFormula => "Flesch / 100";

    /// <inheritdoc/>
    public string Definition =>
        "206.835 - 1.015 words / sentence - 84.6 syllables / word (Flesch 1948), over 100 and cut to [0, 1]: high for short words in short "
        + "sentences. Syllables are estimated from English spelling; in other languages its height means nothing, and a text of other "
        + "than Latin letters scores 0.";

    /// <inheritdoc/>
    public FeatureBounds Bounds => new(0, 1);

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item)
    {
        var (words, sentences, syllables) = Count(item.Cut);
        if (words == 0) return 0;
        var score = 206.835 - (1.015 * words / sentences) - (84.6 * syllables / words);
        return Math.Clamp(score / 100, 0, 1);
    }

    /// <inheritdoc/>
    public string Explain(double value, int words) => string.Create(CultureInfo.InvariantCulture, $"Flesch {100 * value:0}");

    /// <summary>Words of Latin letters, the sentences that hold any, and the words' syllables.</summary>
    internal static (int Words, int Sentences, int Syllables) Count(string text)
    {
        var (words, sentences, syllables, wordsBefore) = (0, 0, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsLetter(text[i]))
            {
                var start = i;
                while (i + 1 < text.Length && Continues(text, i + 1)) i++;
                words++;
                syllables += Syllables(text[start..(i + 1)].ToLowerInvariant());
            }
            else if (text[i] is '.' or '!' or '?' or '…' && EndsHere(text, i) && words > wordsBefore)
            {
                sentences++;
                wordsBefore = words;
            }
        }

        return (words, words > wordsBefore ? sentences + 1 : sentences, syllables);
    }

    private static bool IsLetter(char c) => c < BeyondLatin && char.IsLetter(c);

    // An apostrophe between letters and a combining accent belong to the word.
    private static bool Continues(string text, int at) =>
        IsLetter(text[at]) || char.GetUnicodeCategory(text[at]) == UnicodeCategory.NonSpacingMark
        || (text[at] is '\'' or '’' && at + 1 < text.Length && IsLetter(text[at + 1]));

    // A point within a number or an address ends no sentence.
    private static bool EndsHere(string text, int at) => at + 1 == text.Length || !char.IsLetterOrDigit(text[at + 1]);

    private static int Syllables(string word)
    {
        var groups = 0;
        for (var i = 0; i < word.Length; i++)
            if (IsVowel(word, i) && !IsVowel(word, i - 1)) groups++;
        return Math.Max(1, HasSilentE(word) ? groups - 1 : groups);
    }

    // `make`, `makes`, `walked`; not `table`, `boxes`, `wanted`.
    private static bool HasSilentE(string word)
    {
        var e = word.EndsWith('e') ? word.Length - 1
            : word.EndsWith("es", StringComparison.Ordinal) || word.EndsWith("ed", StringComparison.Ordinal) ? word.Length - 2
            : -1;
        if (e < 1 || IsVowel(word, e - 1)) return false;
        var before = word[e - 1];
        if (word.EndsWith('d')) return before is not ('d' or 't');
        if (word.EndsWith('s') && before is 'c' or 'g' or 'h' or 's' or 'x' or 'z') return false;
        return before != 'l' || e < 2 || IsVowel(word, e - 2);
    }

    private static bool IsVowel(string word, int at) => at >= 0 && Vowels.Contains(word[at]);
}
