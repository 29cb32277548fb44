using System.Globalization;
using Rer.Engine.Input;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Rewards;

/// <summary>Reads design texts: a preset's name, `LI*RP*QR`, or `OE: LI*RP*QR; CE: RP*RAR`. White space and letter case are free.</summary>
internal static class RewardDesignText
{
    /// <summary>Most characters of a text: room for every feature twice, and for a hundred of the user's own.</summary>
    public const int LongestText = 4000;

    /// <summary>Most errors that are said of one text; each repeats its beginning.</summary>
    private const int MostErrors = 5;

    /// <summary>Longest text that messages show whole; of others they show the beginning and count the characters.</summary>
    private const int LongestShown = 120;

    public static bool TryParse(
        string text, IReadOnlyList<FeatureDefinition> own, out RewardDesign design, out IReadOnlyList<string> errors)
    {
        var parser = new Parser(text, own);
        design = parser.Parse();
        errors = parser.Errors;
        return errors.Count == 0;
    }

    public static string UnknownFeature(string symbol, IReadOnlyList<FeatureDefinition> own) =>
        $"feature '{Excerpt.Of(symbol)}' is not known. Known features: {string.Join(", ", Symbols(own))}.";

    private static IEnumerable<string> Symbols(IEnumerable<FeatureDefinition> own) =>
        RewardFeatures.Symbols.Concat(own.Select(feature => feature.Symbol));

    /// <summary>The parts between separators, without white space around them, and where in the text each begins.</summary>
    private static IEnumerable<(int At, string Part)> Split(int at, string text, char separator)
    {
        foreach (var part in text.Split(separator))
        {
            yield return (at + part.Length - part.TrimStart().Length, part.Trim());
            at += part.Length + 1;
        }
    }

    private sealed class Parser(string text, IReadOnlyList<FeatureDefinition> own)
    {
        private const string Forms = "Write a product (`LI*RP`, or `1` for none), both rows (`OE: LI*RP*QR; CE: RP*RAR`), or a preset";

        private double? _referenceCeiling;

        public List<string> Errors { get; } = [];

        /// <summary>Whether enough has been said.</summary>
        private bool IsFull => Errors.Count > MostErrors;

        public RewardDesign Parse()
        {
            var trimmed = text.Trim();
            var named = RewardDesign.Presets.FirstOrDefault(preset => preset.Name.Equals(trimmed, StringComparison.OrdinalIgnoreCase));
            if (named is not null) return named.Design;
            if (trimmed.Length == 0) Fail(0, "is empty.");
            else if (text.Length > LongestText) Fail(LongestText, $"has {text.Length} characters; at most {LongestText} are allowed.");
            if (Errors.Count > 0) return new RewardDesign([], null);
            if (trimmed.Contains(':', StringComparison.Ordinal)) return ParseRows();
            var symbols = ParseProduct(0, text);
            return new RewardDesign(symbols, null, _referenceCeiling, own);
        }

        private RewardDesign ParseRows()
        {
            var products = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
            foreach (var (at, row) in Split(0, text, ';').Where(row => row.Part.Length > 0))
            {
                if (IsFull) break;
                var colon = row.IndexOf(':', StringComparison.Ordinal);
                var name = row[..Math.Max(0, colon)].Trim().ToUpperInvariant();
                if (name is not ("OE" or "CE")) Fail(at, $"has a row '{Excerpt.Of(row)}'. Rows begin with 'OE:' or 'CE:'.");
                else if (!products.TryAdd(name, ParseProduct(at + colon + 1, row[(colon + 1)..]))) Fail(at, $"has two rows '{name}'.");
            }

            if (Errors.Count == 0 && products.Count < 2)
                Fail(text.Length, $"has no row '{(products.ContainsKey("OE") ? "CE" : "OE")}:'. A branching design has both.");
            return new RewardDesign(products.GetValueOrDefault("OE", []), products.GetValueOrDefault("CE", []), _referenceCeiling, own);
        }

        private List<string> ParseProduct(int start, string product)
        {
            var symbols = new List<string>();
            if (product.Trim() == "1") return symbols;
            foreach (var (at, term) in Split(start, product, '*'))
            {
                if (IsFull) break;
                var symbol = ParseTerm(at, term);
                if (symbol is null) continue;
                if (symbols.Contains(symbol)) Fail(at, $"has {symbol} twice in one product. A feature is on or off.");
                else symbols.Add(symbol);
            }

            return symbols;
        }

        private string? ParseTerm(int at, string term)
        {
            if (term.Length == 0)
            {
                Fail(at, "has a product with a factor missing.");
                return null;
            }

            var parts = term.Split('(', 2, StringSplitOptions.TrimEntries);
            var symbol = Symbols(own).FirstOrDefault(known => known.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
            if (symbol is null) Add($"{Subject(at)}: {UnknownFeature(parts[0], own)}");
            else if (parts.Length > 1) ParseRange(at, symbol, parts[1]);
            else if (own.FirstOrDefault(feature => feature.Symbol == symbol) is { Kind: not FeatureKind.Code } feature
                && CustomFeatures.WhyNot(feature) is { } why)
                Add($"{Subject(at)}: {why}");
            return symbol;
        }

        private void ParseRange(int at, string symbol, string range)
        {
            var end = range.StartsWith("0..", StringComparison.Ordinal) && range.EndsWith(')') ? range[3..^1] : "";
            var ranged = RewardFeatures.BuiltIn.Where(feature => feature.TakesCeiling).Select(feature => feature.Symbol).ToArray();
            if (!ranged.Contains(symbol)) Fail(at, $"gives {symbol} a range. Only {string.Join(" and ", ranged)} has one.");
            else if (!double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out var ceiling)
                || !(ceiling > 0 && double.IsFinite(ceiling)))
                Fail(at, $"has the range '({Excerpt.Of(range)}'. A range is written '(0..3.5)' and ends above 0.");
            else if (_referenceCeiling is { } other && other != ceiling) Fail(at, $"gives {symbol} two ranges. The rows share one.");
            else _referenceCeiling = ceiling;
        }

        private void Fail(int at, string what) =>
            Add($"{Subject(at)} {what} {Forms}: {string.Join(", ", RewardDesign.Presets.Select(preset => preset.Name))}.");

        /// <summary>The text as messages begin; a long one by its beginning, and then the place has to be said.</summary>
        private string Subject(int at) =>
            text.Length <= LongestShown ? $"design '{text}'"
                : $"design '{Excerpt.Of(text, LongestShown)}', character {Math.Min(at, text.Length) + 1},";

        private void Add(string error)
        {
            if (Errors.Count < MostErrors) Errors.Add(error);
            else if (!IsFull) Errors.Add("More is wrong behind it.");
        }
    }
}
