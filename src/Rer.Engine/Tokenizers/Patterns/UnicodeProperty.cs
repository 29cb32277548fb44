using System.Collections.Concurrent;
using System.Globalization;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Names that <c>\p{...}</c> and <c>[:...:]</c> may carry: general categories, POSIX classes and scripts.</summary>
internal static class UnicodeProperty
{
    private static readonly Dictionary<string, UnicodeCategory> TwoLetters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Lu"] = UnicodeCategory.UppercaseLetter,
        ["Ll"] = UnicodeCategory.LowercaseLetter,
        ["Lt"] = UnicodeCategory.TitlecaseLetter,
        ["Lm"] = UnicodeCategory.ModifierLetter,
        ["Lo"] = UnicodeCategory.OtherLetter,
        ["Mn"] = UnicodeCategory.NonSpacingMark,
        ["Mc"] = UnicodeCategory.SpacingCombiningMark,
        ["Me"] = UnicodeCategory.EnclosingMark,
        ["Nd"] = UnicodeCategory.DecimalDigitNumber,
        ["Nl"] = UnicodeCategory.LetterNumber,
        ["No"] = UnicodeCategory.OtherNumber,
        ["Zs"] = UnicodeCategory.SpaceSeparator,
        ["Zl"] = UnicodeCategory.LineSeparator,
        ["Zp"] = UnicodeCategory.ParagraphSeparator,
        ["Cc"] = UnicodeCategory.Control,
        ["Cf"] = UnicodeCategory.Format,
        ["Cs"] = UnicodeCategory.Surrogate,
        ["Co"] = UnicodeCategory.PrivateUse,
        ["Cn"] = UnicodeCategory.OtherNotAssigned,
        ["Pc"] = UnicodeCategory.ConnectorPunctuation,
        ["Pd"] = UnicodeCategory.DashPunctuation,
        ["Ps"] = UnicodeCategory.OpenPunctuation,
        ["Pe"] = UnicodeCategory.ClosePunctuation,
        ["Pi"] = UnicodeCategory.InitialQuotePunctuation,
        ["Pf"] = UnicodeCategory.FinalQuotePunctuation,
        ["Po"] = UnicodeCategory.OtherPunctuation,
        ["Sm"] = UnicodeCategory.MathSymbol,
        ["Sc"] = UnicodeCategory.CurrencySymbol,
        ["Sk"] = UnicodeCategory.ModifierSymbol,
        ["So"] = UnicodeCategory.OtherSymbol,
    };

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Separator"] = "Z",
        ["Other"] = "C",
        ["Punctuation"] = "P",
        ["Symbol"] = "S",
        ["UppercaseLetter"] = "Lu",
        ["LowercaseLetter"] = "Ll",
        ["TitlecaseLetter"] = "Lt",
        ["ModifierLetter"] = "Lm",
        ["OtherLetter"] = "Lo",
        ["NonspacingMark"] = "Mn",
        ["SpacingMark"] = "Mc",
        ["EnclosingMark"] = "Me",
        ["DecimalNumber"] = "Nd",
        ["LetterNumber"] = "Nl",
        ["OtherNumber"] = "No",
        ["SpaceSeparator"] = "Zs",
        ["Control"] = "Cc",
        ["Format"] = "Cf",
        ["PrivateUse"] = "Co",
        ["Unassigned"] = "Cn",
    };

    // A pattern may name a property a thousand times; the names known are some three hundred.
    private static readonly ConcurrentDictionary<string, CodePointSet?> Known = new();

    /// <summary>The set behind a name (case, spaces, hyphens and underscores make no difference), or null.</summary>
    public static CodePointSet? Find(string name)
    {
        name = CodePointRanges.Key(name);
        return Known.TryGetValue(name, out var known) ? known : Read(name) is { } set ? Known.GetOrAdd(name, set) : null;
    }

    private static CodePointSet? Read(string name)
    {
        if (LongNames.TryGetValue(name, out var shortName)) name = shortName;
        if (TwoLetters.TryGetValue(name, out var category)) return CodePointSet.Category(category);
        if (name.Length == 1)
        {
            var group = TwoLetters.Where(pair => pair.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (group.Count > 0) return CodePointSet.Category(group.Select(pair => pair.Value).ToArray());
        }
        return Posix(name) ?? (CodePointRanges.Script(name) is { } script ? CodePointSet.Where(script.Contains) : null);
    }

    private static CodePointSet? Posix(string name) => name switch
    {
        "any" => CodePointSet.All,
        "ascii" => CodePointSet.Range(0, 0x7F),
        "alpha" or "alphabetic" => Alphabetic,
        "alnum" => CodePointSet.Union([Alphabetic, CodePointSet.Digit]),
        "blank" => CodePointSet.Union([CodePointSet.Category(UnicodeCategory.SpaceSeparator), CodePointSet.Single('\t')]),
        "cntrl" => CodePointSet.Category(UnicodeCategory.Control),
        "digit" => CodePointSet.Digit,
        "graph" => Graphic,
        "lower" or "lowercase" => CodePointSet.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter
            || CodePointRanges.OtherLowercase.Contains(c)),
        "print" => CodePointSet.Union([Graphic, CodePointSet.Category(UnicodeCategory.SpaceSeparator)]),
        "punct" => CodePointSet.Union([Find("P")!, Find("S")!]),
        "space" or "whitespace" => CodePointSet.Space,
        "upper" or "uppercase" => CodePointSet.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter
            || c is >= 0x2160 and <= 0x216F || CodePoint.IsEnclosedCapital(c)),
        "word" => CodePointSet.Where(CodePoint.IsWord),
        "xdigit" => CodePointSet.HexDigit,
        _ => null,
    };

    private static CodePointSet Alphabetic => CodePointSet.Where(c =>
        CodePointRanges.AlphabeticMark.Contains(c) || CodePoint.IsWord(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not (
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation));

    private static CodePointSet Graphic => CodePointSet.Union([CodePointSet.Space, CodePointSet.Category(
        UnicodeCategory.Control, UnicodeCategory.Surrogate, UnicodeCategory.OtherNotAssigned)]).Negate();
}
