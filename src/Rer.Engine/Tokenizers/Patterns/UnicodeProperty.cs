using System.Globalization;

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

    /// <summary>The set behind a name (case, spaces, hyphens and underscores make no difference), or null.</summary>
    public static CodePointSet? Find(string name)
    {
        name = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal);
        if (LongNames.TryGetValue(name, out var shortName)) name = shortName;
        if (TwoLetters.TryGetValue(name, out var category)) return CodePointSet.Category(category);
        if (name.Length == 1)
        {
            var group = TwoLetters.Where(pair => pair.Key.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
            if (group.Count > 0) return CodePointSet.Category(group.Select(pair => pair.Value).ToArray());
        }
        return Posix(name.ToLowerInvariant());
    }

    private static CodePointSet? Posix(string name) => name switch
    {
        "any" => new CodePointSet(_ => true),
        "ascii" => CodePointSet.Range(0, 0x7F),
        "alpha" or "alphabetic" => CodePointSet.Word.Intersect(CodePointSet.Category(UnicodeCategory.DecimalDigitNumber,
            UnicodeCategory.ConnectorPunctuation).Negate()),
        "alnum" => CodePointSet.Word.Intersect(CodePointSet.Category(UnicodeCategory.ConnectorPunctuation).Negate()),
        "blank" => CodePointSet.Category(UnicodeCategory.SpaceSeparator).Union(CodePointSet.Single('\t')),
        "cntrl" => CodePointSet.Category(UnicodeCategory.Control),
        "digit" => CodePointSet.Digit,
        "lower" => CodePointSet.Category(UnicodeCategory.LowercaseLetter),
        "upper" => CodePointSet.Category(UnicodeCategory.UppercaseLetter),
        "punct" => Find("P")!.Union(new CodePointSet(c => c is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~')),
        "space" or "whitespace" => CodePointSet.Space,
        "word" => CodePointSet.Word,
        "xdigit" => CodePointSet.HexDigit,
        _ => null,
    };
}
