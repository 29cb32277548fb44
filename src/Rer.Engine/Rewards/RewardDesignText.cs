using System.Globalization;
using Rer.Engine.Rewards.Own;

namespace Rer.Engine.Rewards;

/// <summary>Reads design texts: a preset's name, `LI*RP*QR`, or `OE: LI*RP*QR; CE: RP*RAR`. White space and letter case are free.</summary>
internal static class RewardDesignText
{
    public static bool TryParse(
        string text, IReadOnlyList<FeatureDefinition> own, out RewardDesign design, out IReadOnlyList<string> errors)
    {
        var parser = new Parser(text, own);
        design = parser.Parse();
        errors = parser.Errors;
        return errors.Count == 0;
    }

    public static string UnknownFeature(string symbol, IReadOnlyList<FeatureDefinition> own) =>
        $"feature '{symbol}' is not known. Known features: {string.Join(", ", Symbols(own))}.";

    private static IEnumerable<string> Symbols(IEnumerable<FeatureDefinition> own) =>
        RewardFeatures.Symbols.Concat(own.Select(feature => feature.Symbol));

    private sealed class Parser(string text, IReadOnlyList<FeatureDefinition> own)
    {
        private const string Forms = "Write a product (`LI*RP`, or `1` for none), both rows (`OE: LI*RP*QR; CE: RP*RAR`), or a preset";

        private double? _referenceCeiling;

        public List<string> Errors { get; } = [];

        public RewardDesign Parse()
        {
            var trimmed = text.Trim();
            var named = RewardDesign.Presets.FirstOrDefault(preset => preset.Name.Equals(trimmed, StringComparison.OrdinalIgnoreCase));
            if (named is not null) return named.Design;
            if (trimmed.Length == 0)
            {
                Fail("is empty.");
                return new RewardDesign([], null);
            }

            if (trimmed.Contains(':', StringComparison.Ordinal)) return ParseRows(trimmed);
            var symbols = ParseProduct(trimmed);
            return new RewardDesign(symbols, null, _referenceCeiling, own);
        }

        private RewardDesign ParseRows(string rows)
        {
            var products = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
            foreach (var row in rows.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = row.Split(':', 2, StringSplitOptions.TrimEntries);
                var name = parts[0].ToUpperInvariant();
                if (parts.Length < 2 || name is not ("OE" or "CE")) Fail($"has a row '{row}'. Rows begin with 'OE:' or 'CE:'.");
                else if (!products.TryAdd(name, ParseProduct(parts[1]))) Fail($"has two rows '{name}'.");
            }

            if (Errors.Count == 0 && products.Count < 2)
                Fail($"has no row '{(products.ContainsKey("OE") ? "CE" : "OE")}:'. A branching design has both.");
            return new RewardDesign(products.GetValueOrDefault("OE", []), products.GetValueOrDefault("CE", []), _referenceCeiling, own);
        }

        private List<string> ParseProduct(string product)
        {
            var symbols = new List<string>();
            if (product == "1") return symbols;
            foreach (var term in product.Split('*', StringSplitOptions.TrimEntries))
            {
                var symbol = ParseTerm(term);
                if (symbol is null) continue;
                if (symbols.Contains(symbol)) Fail($"has {symbol} twice in one product. A feature is on or off.");
                else symbols.Add(symbol);
            }

            return symbols;
        }

        private string? ParseTerm(string term)
        {
            if (term.Length == 0)
            {
                Fail("has a product with a factor missing.");
                return null;
            }

            var parts = term.Split('(', 2, StringSplitOptions.TrimEntries);
            var symbol = Symbols(own).FirstOrDefault(known => known.Equals(parts[0], StringComparison.OrdinalIgnoreCase));
            if (symbol is null) Errors.Add($"design '{text}': {UnknownFeature(parts[0], own)}");
            else if (parts.Length > 1) ParseRange(symbol, parts[1]);
            else if (own.FirstOrDefault(feature => feature.Symbol == symbol) is { Kind: not FeatureKind.Code } feature && OwnFeatures.WhyNot(feature) is { } why)
                Errors.Add($"design '{text}': {why}");
            return symbol;
        }

        private void ParseRange(string symbol, string range)
        {
            var end = range.StartsWith("0..", StringComparison.Ordinal) && range.EndsWith(')') ? range[3..^1] : "";
            if (symbol != "RAR") Fail($"gives {symbol} a range. Only RAR has one.");
            else if (!double.TryParse(end, NumberStyles.Float, CultureInfo.InvariantCulture, out var ceiling)
                || !(ceiling > 0 && double.IsFinite(ceiling)))
                Fail($"has the range '({range}'. A range is written '(0..3.5)' and ends above 0.");
            else if (_referenceCeiling is { } other && other != ceiling) Fail("gives RAR two ranges. Its rows share one.");
            else _referenceCeiling = ceiling;
        }

        private void Fail(string what) =>
            Errors.Add($"design '{text}' {what} {Forms}: {string.Join(", ", RewardDesign.Presets.Select(preset => preset.Name))}.");
    }
}
