using System.Globalization;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Web.Formatting;

namespace Rer.Web.Plans;

/// <summary>A grid of designs and seeds as it is chosen on a page and stands in its address.</summary>
/// <param name="Designs">The designs' texts.</param>
/// <param name="Seeds">What is typed for the seeds: whole numbers with commas between.</param>
/// <param name="Name">What the sweep is to be called; empty leaves it to <see cref="Suggested"/>.</param>
public sealed record SweepChoice(IReadOnlyList<string> Designs, string Seeds, string Name)
{
    /// <summary>Most runs of one sweep.</summary>
    public const int MostRuns = 200;

    // No design's text holds it.
    private const char Between = '|';

    private static readonly string[] Usual = ["LI", "LI*RP", "LI*RP*QR", "RER"];

    /// <summary>What a page begins with.</summary>
    public static SweepChoice Default { get; } = new([.. Usual.Select(name => RewardDesign.Parse(name).Text)], "1, 2, 3", "");

    /// <summary>The seeds; null where the text is no list of whole numbers.</summary>
    public IReadOnlyList<int>? SeedList
    {
        get
        {
            var seeds = new List<int>();
            foreach (var part in Seeds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)) return null;
                if (!seeds.Contains(seed)) seeds.Add(seed);
            }

            return seeds;
        }
    }

    /// <summary>Runs in all; null where the seeds cannot be read.</summary>
    public int? Runs => SeedList?.Count * Designs.Count;

    /// <summary>A name that says what is in it.</summary>
    public string Suggested => $"{Display.Plural(Designs.Count, "design")}, {(SeedList is { Count: 1 } ? "seed" : "seeds")} {Seeds}";

    /// <summary>The choice with a design ticked or not.</summary>
    public SweepChoice With(string design, bool on) =>
        this with { Designs = on ? [.. Designs.Append(design).Distinct()] : [.. Designs.Where(d => d != design)] };

    /// <summary>What the address holds of it; null removes what is as it usually is.</summary>
    public IReadOnlyDictionary<string, object?> ToQuery() => new Dictionary<string, object?>
    {
        ["grid"] = Designs.Order().SequenceEqual(Default.Designs.Order()) ? null : string.Join(Between, Designs.Select(Short)),
        ["seeds"] = Seeds == Default.Seeds ? null : Seeds,
        ["sweep"] = Name.Length == 0 ? null : Name,
    };

    /// <summary>The choice in an address; what cannot be read stays as it usually is.</summary>
    /// <param name="parameter">A parameter's value by its name; null where it is missing.</param>
    /// <param name="own">Features of the user's own that designs may use.</param>
    public static SweepChoice FromQuery(Func<string, string?> parameter, IReadOnlyList<FeatureDefinition> own) => new(
        parameter("grid") is { } grid
            ? [.. grid.Split(Between, StringSplitOptions.RemoveEmptyEntries)
                .Select(text => RewardDesign.TryParse(text, own, out var design, out _) ? design.Text : null).OfType<string>().Distinct()]
            : Default.Designs,
        parameter("seeds") ?? Default.Seeds,
        parameter("sweep") ?? "");

    private static string Short(string text) => RewardDesign.Presets.FirstOrDefault(p => p.Design.Text == text)?.Name ?? text;
}
