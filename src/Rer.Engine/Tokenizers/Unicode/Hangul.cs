namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>Hangul syllables, which are composed by arithmetic.</summary>
/// <remarks>The Unicode Standard, section 3.12, Conjoining Jamo Behavior.</remarks>
internal static class Hangul
{
    private const int Syllables = 0xAC00;
    private const int Leading = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trailing = 0x11A7;
    private const int LeadingCount = 19;
    private const int VowelCount = 21;
    private const int TrailingCount = 28;

    /// <summary>Whether a code point can be the second part of a composition.</summary>
    public static bool Follows(int c) => c is >= Vowels and < Vowels + VowelCount or > Trailing and < Trailing + TrailingCount;

    /// <summary>Whether a code point is a syllable.</summary>
    public static bool IsSyllable(int c) => c is >= Syllables and < Syllables + LeadingCount * VowelCount * TrailingCount;

    /// <summary>Adds a syllable's parts; false for anything else.</summary>
    public static bool Decompose(int c, List<int> output)
    {
        if (!IsSyllable(c)) return false;
        var index = c - Syllables;
        output.Add(Leading + index / (VowelCount * TrailingCount));
        output.Add(Vowels + index % (VowelCount * TrailingCount) / TrailingCount);
        if (index % TrailingCount != 0) output.Add(Trailing + index % TrailingCount);
        return true;
    }

    /// <summary>The syllable of a leading consonant and a vowel, or of such a syllable and a trailing consonant; or null.</summary>
    public static int? Compose(int first, int second)
    {
        if (first is >= Leading and < Leading + LeadingCount && second is >= Vowels and < Vowels + VowelCount)
            return Syllables + ((first - Leading) * VowelCount + second - Vowels) * TrailingCount;
        if (IsSyllable(first) && (first - Syllables) % TrailingCount == 0 && second is > Trailing and < Trailing + TrailingCount)
            return first + second - Trailing;
        return null;
    }
}
