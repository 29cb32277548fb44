using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>The steps of BERT's normalisation.</summary>
internal static class BertNormalization
{
    private static readonly MapNormalizer Clean = new(c =>
        c is '\t' or '\n' or '\r' ? " "
        : CodePointRanges.BertRemoved.Contains(c) ? ""
        : c != ' ' && CodePoint.IsWhiteSpace(c) ? " " : null);

    private static readonly MapNormalizer SpaceAroundIdeographs = new(c => IsIdeograph(c) ? $" {char.ConvertFromUtf32(c)} " : null);

    /// <summary>BERT's normalisation.</summary>
    /// <param name="cleanText">Drop controls and make all white space plain.</param>
    /// <param name="handleChineseChars">Put spaces around ideographs.</param>
    /// <param name="stripAccents">Drop accents; null is the same as <paramref name="lowercase"/>.</param>
    /// <param name="lowercase">Write everything in lower case.</param>
    public static SequenceNormalizer Create(bool cleanText, bool handleChineseChars, bool? stripAccents, bool lowercase)
    {
        var steps = new List<INormalizer>();
        if (cleanText) steps.Add(Clean);
        if (handleChineseChars) steps.Add(SpaceAroundIdeographs);
        if (stripAccents ?? lowercase) steps.AddRange([new UnicodeNormalizer(UnicodeForm.Nfd), MapNormalizer.StripNonSpacingMarks]);
        if (lowercase) steps.Add(MapNormalizer.Lowercase);
        return new SequenceNormalizer(steps, "BERT's normalisation");
    }

    private static bool IsIdeograph(int c) => c is >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0x2F800 and <= 0x2FA1F;
}
