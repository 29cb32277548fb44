using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Rewards;

/// <summary>
/// Which features are on, per query type; a response's reward is the product of its row's factors, and 1 for an empty row. Immutable.
/// Canonical text form: `OE: LI*RP*QR; CE: RP*RAR`, or `LI*RP*QR` where every query type shares one row; it parses back, and equal
/// texts are equal designs.
/// </summary>
[JsonConverter(typeof(RewardDesignJsonConverter))]
public sealed record RewardDesign
{
    private readonly string[] _openEnded;
    private readonly string[] _closedEnded;

    internal RewardDesign(
        IEnumerable<string> openEnded, IEnumerable<string>? closedEnded, double? referenceCeiling = null,
        IReadOnlyList<FeatureDefinition>? own = null)
    {
        _openEnded = [.. RewardFeatures.InOrder(openEnded)];
        _closedEnded = closedEnded is null ? _openEnded : [.. RewardFeatures.InOrder(closedEnded)];
        Branching = closedEnded is not null;
        ReferenceCeiling = RewardFeatures.BuiltIn.Any(feature => feature.TakesCeiling && Uses(feature.Symbol)) ? referenceCeiling : null;
        Text = Branching ? $"OE: {Product(_openEnded)}; CE: {Product(_closedEnded)}" : Product(_openEnded);
        CustomFeatures = [.. (own ?? []).Where(feature => Uses(feature.Symbol)).OrderBy(feature => feature.Symbol, StringComparer.Ordinal)];
        // A symbol of the user's own means what its definition says, so that is part of the design too.
        var identity = string.Join('\n', CustomFeatures.Select(feature => feature.Identity).Prepend(Text));
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..8];
    }

    /// <summary>
    /// The designs of the paper (Kim &amp; Seo 2024), from the plainest to its own proposal; evaluation scores each beside the run's
    /// own.
    /// </summary>
    public static IReadOnlyList<RewardPreset> Presets { get; } =
    [
        new("LI", new(["LI"], null)),
        new("LI*RP", new(["LI", "RP"], null)),
        new("QR", new(["QR"], null)),
        new("LI*QR", new(["LI", "QR"], null)),
        new("LI*RP*QR", new(["LI", "RP", "QR"], null)),
        new("RER", new(["LI", "RP", "QR"], ["RP", "RAR"])),
    ];

    /// <summary>Whether the query types have rows of their own.</summary>
    public bool Branching { get; }

    /// <summary>
    /// The reference-answer relevance that counts as full, written `RAR(0..2)`; null leaves it to the relevance model
    /// (<see cref="IRelevanceModel.Ceiling"/>).
    /// </summary>
    public double? ReferenceCeiling { get; }

    /// <summary>The canonical text form.</summary>
    public string Text { get; }

    /// <summary>Features of the user's own that are in some row, by symbol; they go wherever the design goes.</summary>
    public IReadOnlyList<FeatureDefinition> CustomFeatures { get; }

    /// <summary>
    /// The first eight hex digits of the SHA-256 of the text and of the definitions of <see cref="CustomFeatures"/>; names the design in
    /// runs, files and charts.
    /// </summary>
    public string Hash { get; }

    /// <summary>The preset's name where the design is one, else the text.</summary>
    public string Title => Presets.FirstOrDefault(preset => preset.Design == this)?.Name ?? Text;

    /// <summary>Symbols of every feature in some row, in the order of texts.</summary>
    public IReadOnlyList<string> Symbols => [.. RewardFeatures.InOrder(_openEnded.Union(_closedEnded))];

    /// <summary>Whether some row needs a relevance model.</summary>
    public bool UsesRelevance => Symbols.Any(symbol => Reads(symbol, FeatureNeeds.RelevanceModel));

    /// <summary>A design whose rows hold these features.</summary>
    /// <param name="openEnded">Symbols of the open-ended row, in any order.</param>
    /// <param name="closedEnded">Symbols of the closed-ended row; null makes one row for every query type.</param>
    /// <exception cref="ArgumentException">A symbol is not known; the message lists those that are.</exception>
    public static RewardDesign Of(IEnumerable<string> openEnded, IEnumerable<string>? closedEnded = null)
    {
        var (open, closed) = (openEnded.ToArray(), closedEnded?.ToArray());
        foreach (var symbol in open.Concat(closed ?? [])) Require(symbol, []);
        return new RewardDesign(open, closed);
    }

    /// <summary>Reads a design's text or a preset's name.</summary>
    /// <exception cref="FormatException">The text is no design; the message says all that is wrong with it and what is allowed.</exception>
    public static RewardDesign Parse(string text) => Parse(text, []);

    /// <summary>The same, where features of the user's own may occur.</summary>
    /// <param name="text">The text or name.</param>
    /// <param name="own">Features that may occur beside the built-in ones.</param>
    /// <exception cref="FormatException">The text is no design; the message says all that is wrong with it and what is allowed.</exception>
    public static RewardDesign Parse(string text, IReadOnlyList<FeatureDefinition> own) =>
        RewardDesignText.TryParse(text, own, out var design, out var errors) ? design : throw new FormatException(string.Join(' ', errors));

    /// <summary>Reads a design's text or a preset's name; false where it is no design.</summary>
    public static bool TryParse(string text, out RewardDesign design, out string error) => TryParse(text, [], out design, out error);

    /// <summary>The same, where features of the user's own may occur.</summary>
    public static bool TryParse(string text, IReadOnlyList<FeatureDefinition> own, out RewardDesign design, out string error)
    {
        var parsed = RewardDesignText.TryParse(text, own, out design, out var errors);
        error = string.Join(' ', errors);
        return parsed;
    }

    /// <summary>Symbols of the row that scores a query type; without branching every type has the one row, and null is allowed.</summary>
    public IReadOnlyList<string> Row(QueryType? type) => type switch
    {
        _ when !Branching => _openEnded,
        QueryType.OpenEnded => _openEnded,
        QueryType.ClosedEnded => _closedEnded,
        _ => throw new ArgumentNullException(nameof(type), $"The design '{Text}' branches: a row is of a query type."),
    };

    /// <summary>Whether some row holds the feature.</summary>
    public bool Uses(string symbol) => _openEnded.Contains(symbol) || _closedEnded.Contains(symbol);

    /// <summary>The design with a feature turned on or off.</summary>
    /// <param name="type">The row; null means every row. Without branching there is one row, whatever is asked for.</param>
    /// <param name="symbol">The feature.</param>
    /// <param name="on">Whether the row shall hold it.</param>
    /// <param name="own">Features of the user's own that may be turned on besides those of the design.</param>
    /// <exception cref="ArgumentException">The symbol is not known; the message lists those that are.</exception>
    public RewardDesign With(QueryType? type, string symbol, bool on, IReadOnlyList<FeatureDefinition>? own = null)
    {
        IReadOnlyList<FeatureDefinition> known = [.. CustomFeatures.UnionBy(own ?? [], feature => feature.Symbol)];
        Require(symbol, known);
        if (!Branching) return new RewardDesign(Toggle(_openEnded, symbol, on), null, ReferenceCeiling, known);
        return new RewardDesign(
            type is null or QueryType.OpenEnded ? Toggle(_openEnded, symbol, on) : _openEnded,
            type is null or QueryType.ClosedEnded ? Toggle(_closedEnded, symbol, on) : _closedEnded,
            ReferenceCeiling,
            known);
    }

    /// <summary>
    /// The design with its rows split or joined. A split makes the closed-ended row as the paper does: with query relevance on, that
    /// becomes reference-answer relevance and the length incentive goes; else the row stays as it is. A join keeps the open-ended row.
    /// </summary>
    public RewardDesign WithBranching(bool branching)
    {
        if (branching == Branching) return this;
        if (!branching) return new RewardDesign(_openEnded, null, ReferenceCeiling, CustomFeatures);
        var closedEnded = _openEnded.Contains("QR") ? _openEnded.Except(["LI", "QR"]).Union(["RAR"]) : _openEnded;
        return new RewardDesign(_openEnded, closedEnded, ReferenceCeiling, CustomFeatures);
    }

    /// <summary>
    /// What keeps the design from scoring a prompt set: one message per item, naming file, line and item. Empty where nothing does.
    /// </summary>
    public IReadOnlyList<string> Check(PromptSet prompts)
    {
        var errors = new List<string>();
        foreach (var item in prompts.Items)
        {
            if (Branching && item.QueryType is null)
                errors.Add(
                    $"{prompts.Place(item)}: no query type. The design '{Text}' branches: every item needs `qtype` OPENENDED or "
                        + "CONSTRAINED.");
            else if (item.Reference is null
                && Row(item.QueryType).FirstOrDefault(symbol => Reads(symbol, FeatureNeeds.Reference)) is { } symbol)
                errors.Add(
                    $"{prompts.Place(item)}: no reference. The design '{Text}' compares the response with one ({symbol}): the item needs "
                        + "`output`.");
        }

        return errors;
    }

    /// <summary>Designs are equal when their texts are, and what the features of the user's own in them mean.</summary>
    public bool Equals(RewardDesign? other) =>
        other is not null && other.Text == Text && other.CustomFeatures.SequenceEqual(CustomFeatures);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical text form.</summary>
    public override string ToString() => Text;

    private bool Reads(string symbol, FeatureNeeds needs) =>
        (CustomFeatures.FirstOrDefault(feature => feature.Symbol == symbol)?.Reads ?? RewardFeatures.Find(symbol)!.Reads).HasFlag(needs);

    private static IEnumerable<string> Toggle(string[] row, string symbol, bool on) => on ? row.Append(symbol) : row.Except([symbol]);

    private static void Require(string symbol, IReadOnlyList<FeatureDefinition> own)
    {
        if (!RewardFeatures.Symbols.Contains(symbol) && own.All(feature => feature.Symbol != symbol))
            throw new ArgumentException(RewardDesignText.UnknownFeature(symbol, own), nameof(symbol));
    }

    private string Product(string[] row) => row.Length == 0 ? "1" : string.Join('*', row.Select(Term));

    private string Term(string symbol) =>
        RewardFeatures.Find(symbol) is { TakesCeiling: true } && ReferenceCeiling is { } ceiling ? $"{symbol}(0..{ceiling:R})" : symbol;
}

/// <summary>A design of the paper, by the name it has there.</summary>
/// <param name="Name">`LI`, `LI*RP`, ..., `RER`.</param>
/// <param name="Design">The design.</param>
public sealed record RewardPreset(string Name, RewardDesign Design);
