namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>
/// Porter's stemmer (Porter 1980) with the departures that NLTK makes by default: a few irregular words, `dies` to `die`, `spied` to
/// `spi`, final y after a consonant alone, and the suffixes -bli, -fulli and -logi.
/// </summary>
internal static class PorterStemmer
{
    private static readonly (string Word, string Stem)[] Exceptions =
    [
        ("skies", "sky"), ("sky", "sky"), ("dying", "die"), ("lying", "lie"), ("tying", "tie"), ("news", "news"), ("innings", "inning"),
        ("inning", "inning"), ("outings", "outing"), ("outing", "outing"), ("cannings", "canning"), ("canning", "canning"),
        ("howe", "howe"), ("proceed", "proceed"), ("exceed", "exceed"), ("succeed", "succeed"),
    ];

    private static readonly Dictionary<string, string> Irregular = Exceptions.ToDictionary(entry => entry.Word, entry => entry.Stem);

    // The first suffix that a word ends with decides, whether its condition holds or not: longer ones stand before those they end with.
    private static readonly (string Suffix, string Replacement)[] Plurals = [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")];

    private static readonly (string Suffix, string Replacement)[] DoubleSuffixes =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("fulli", "ful"),
    ];

    private static readonly (string Suffix, string Replacement)[] SingleSuffixes =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] BareSuffixes =
    [
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive",
        "ize",
    ];

    /// <summary>The stem of a word, in lower case.</summary>
    public static string Stem(string word)
    {
        word = word.ToLowerInvariant();
        if (Irregular.TryGetValue(word, out var stem)) return stem;
        if (word.Length <= 2) return word;
        word = StripPlural(word);
        word = StripPastOrGerund(word);
        word = TurnFinalY(word);
        word = StripDoubleSuffix(word);
        word = Replace(word, SingleSuffixes, Measure);
        word = StripBareSuffix(word);
        word = StripFinalE(word);
        return word.EndsWith("ll", StringComparison.Ordinal) && Measure(word[..^1]) > 1 ? word[..^1] : word;
    }

    private static string StripPlural(string word) =>
        word.Length == 4 && word.EndsWith("ies", StringComparison.Ordinal) ? word[..^1] : Replace(word, Plurals, _ => 1);

    private static string StripPastOrGerund(string word)
    {
        if (word.EndsWith("ied", StringComparison.Ordinal)) return word.Length == 4 ? word[..^1] : word[..^2];
        if (word.EndsWith("eed", StringComparison.Ordinal)) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        foreach (var suffix in new[] { "ed", "ing" })
        {
            if (!word.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var stem = word[..^suffix.Length];
            if (HasVowel(stem)) return Mend(stem);
        }

        return word;
    }

    // A stem bared of -ed or -ing gets back what the suffix took: conflat(e), troubl(e), siz(e), hop from hopp, fil(e).
    private static string Mend(string stem)
    {
        if (stem is [.., 'a', 't'] or [.., 'b', 'l'] or [.., 'i', 'z']) return stem + "e";
        if (stem.Length >= 2 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1))
            return stem[^1] is 'l' or 's' or 'z' ? stem : stem[..^1];
        return Measure(stem) == 1 && EndsShort(stem) ? stem + "e" : stem;
    }

    private static string TurnFinalY(string word) =>
        word[^1] == 'y' && word.Length > 2 && IsConsonant(word, word.Length - 2) ? word[..^1] + "i" : word;

    private static string StripDoubleSuffix(string word)
    {
        if (word.EndsWith("alli", StringComparison.Ordinal) && Measure(word[..^4]) > 0) return StripDoubleSuffix(word[..^2]);
        // Of -logi the l counts to the stem: "geologi" is measured as "geol".
        if (word.EndsWith("logi", StringComparison.Ordinal)) return Measure(word[..^3]) > 0 ? word[..^1] : word;
        return Replace(word, DoubleSuffixes, Measure);
    }

    private static string StripBareSuffix(string word)
    {
        var suffix = BareSuffixes.FirstOrDefault(ending => word.EndsWith(ending, StringComparison.Ordinal));
        if (suffix is null) return word;
        var stem = word[..^suffix.Length];
        var allowed = Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't');
        return allowed ? stem : word;
    }

    private static string StripFinalE(string word)
    {
        if (word[^1] != 'e') return word;
        var stem = word[..^1];
        var measure = Measure(stem);
        return measure > 1 || measure == 1 && !EndsShort(stem) ? stem : word;
    }

    private static string Replace(string word, (string Suffix, string Replacement)[] rules, Func<string, int> measure)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (!word.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var stem = word[..^suffix.Length];
            return measure(stem) > 0 ? stem + replacement : word;
        }

        return word;
    }

    // A y is a consonant at the beginning and after a vowel.
    private static bool IsConsonant(string word, int i) => word[i] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => i == 0 || !IsConsonant(word, i - 1),
        _ => true,
    };

    private static bool HasVowel(string stem) => Enumerable.Range(0, stem.Length).Any(i => !IsConsonant(stem, i));

    // Porter's m: how many times a vowel is followed by a consonant.
    private static int Measure(string stem)
    {
        var measure = 0;
        var afterVowel = false;
        for (var i = 0; i < stem.Length; i++)
        {
            var consonant = IsConsonant(stem, i);
            if (consonant && afterVowel) measure++;
            afterVowel = !consonant;
        }

        return measure;
    }

    // Ends consonant, vowel, consonant other than w, x, y; or is a vowel and a consonant.
    private static bool EndsShort(string stem)
    {
        var n = stem.Length;
        if (n == 2) return !IsConsonant(stem, 0) && IsConsonant(stem, 1);
        return n > 2 && IsConsonant(stem, n - 3) && !IsConsonant(stem, n - 2) && IsConsonant(stem, n - 1)
            && stem[^1] is not ('w' or 'x' or 'y');
    }
}
