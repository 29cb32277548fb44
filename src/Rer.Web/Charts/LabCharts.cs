using Rer.Engine.Rewards.BuiltIn;
using Rer.Web.Lab;

namespace Rer.Web.Charts;

/// <summary>Figures of the reward lab: words are the axis.</summary>
public static class LabCharts
{
    // Told apart by their dashes, in the order of the built-in features.
    private static readonly string[] Dashes = ["1px,3px", "6px,3px", "8px,3px,2px,3px", "3px,3px", "10px,4px", "6px,2px,1px,2px"];

    private const string OwnDash = "2px,5px";

    /// <summary>Gold of every prefix above, features and their product below.</summary>
    /// <param name="result">The scored response.</param>
    /// <param name="design">The design's title.</param>
    public static ChartSpec Prefixes(LabResult result, string design)
    {
        // The panels leave a gap between them, which takes the note on repeats: the best prefix has its own at the top.
        const double LowerTo = 0.46, UpperFrom = 0.53;
        double[] x = [.. Enumerable.Range(1, result.Words.Count).Select(i => (double)i)];
        var n = x.Length;
        var hasGold = result.Gold.Any(double.IsFinite);
        var lower = hasGold ? "y2" : null;
        List<ChartTrace> traces = [];
        List<ChartEnd> ends = [];
        if (hasGold) AddGold(result, x, traces, ends);
        AddFeatures(result, design, x, lower, traces, ends);
        var features =
            new ChartAxis { Title = "features and proxy", Standoff = 4, ToZero = true, Domain = hasGold ? [0, LowerTo] : null, Ticks = 4 };
        var every = Math.Max(1, n / 70);
        double[] ticks = [.. x.Where((_, i) => i % every == 0)];
        return new ChartSpec
        {
            Traces = traces,
            X = new ChartAxis
            {
                Range = [0.3, n + 0.5],
                Values = ticks,
                Text = [.. ticks.Select(t => Shorten(result.Words[(int)t - 1].Text))],
                Angle = -90,
                Anchor = lower,
            },
            Y = hasGold ? new ChartAxis { Range = WithHead(result), Domain = [UpperFrom, 1], Title = "gold reward", Standoff = 4 }
                : features,
            Y2 = hasGold ? features : null,
            Margin = new ChartMargin(46, 96, 8, 92),
            Marks = Notes(result, hasGold ? UpperFrom : null),
            Ends = Apart(ends),
        };
    }

    /// <summary>The best prefix, and words that are repeated.</summary>
    private static List<ChartMark> Notes(LabResult result, double? repeatsAt)
    {
        var marks = new List<ChartMark>();
        if (result.Gold.Any(double.IsFinite))
        {
            var best = Array.IndexOf(result.Gold, result.Gold.Where(double.IsFinite).Max()) + 1;
            marks.Add(new ChartMark
            {
                Kind = "vertical",
                X = best,
                Color = "--gold",
                Dash = "3px,3px",
                Text = $"best prefix, word {best}",
                TextColor = "--gold-ink",
                Left = best > result.Words.Count / 2,
            });
        }

        if (Repeats(result) is { } repeats)
        {
            marks.Add(new ChartMark
            {
                Kind = "span",
                X = repeats.From - 0.5,
                X1 = repeats.To + 0.5,
                Color = "--bad",
                Text = "repeats",
                TextColor = "--bad",
                Y = repeatsAt,
            });
        }

        return marks;
    }

    /// <summary>Gold of every prefix scored anew, and under it the model's raw output at each position.</summary>
    private static void AddGold(LabResult result, double[] x, List<ChartTrace> traces, List<ChartEnd> ends)
    {
        if (result.GoldByPosition.Any(double.IsFinite))
        {
            traces.Add(new ChartTrace
            {
                Key = "gold",
                Name = "Gold, raw per position",
                X = x,
                Y = result.GoldByPosition,
                Style = "line",
                Width = 1,
                Stepped = true,
                Opacity = 0.55,
            });
            ends.Add(new ChartEnd("gold", x.Length, result.GoldByPosition[^1], "per position")
            {
                Size = 11,
                Shift = result.Gold[^1] > result.GoldByPosition[^1] ? -8 : 8,
            });
        }

        traces.Add(new ChartTrace { Key = "gold", Name = "Gold, prefix re-scored", X = x, Y = result.Gold, Size = 5 });
        ends.Add(new ChartEnd("gold", x.Length, result.Gold[^1], "re-scored") { Shift = ends.Count > 0 ? -ends[0].Shift : 0 });
    }

    /// <summary>Every feature of the design, and the design's reward.</summary>
    private static void AddFeatures(
        LabResult result, string design, double[] x, string? axis, List<ChartTrace> traces, List<ChartEnd> ends)
    {
        foreach (var (symbol, values) in result.Features)
        {
            traces.Add(new ChartTrace
            {
                Key = "proxy",
                Name = symbol,
                X = x,
                Y = values,
                Style = "line",
                Width = 1.25,
                Dash = DashOf(symbol),
                Opacity = 0.85,
                Axis = axis,
            });
            if (double.IsFinite(values[^1])) ends.Add(new ChartEnd("proxy", x.Length, values[^1], symbol) { Axis = axis, Size = 11 });
        }

        if (!result.Proxy.Any(double.IsFinite)) return;
        traces.Add(new ChartTrace { Key = "proxy", Name = $"Proxy, {design}", X = x, Y = result.Proxy, Size = 4.5, Axis = axis });
        if (double.IsFinite(result.Proxy[^1])) ends.Add(new ChartEnd("proxy", x.Length, result.Proxy[^1], "Proxy") { Axis = axis });
    }

    /// <summary>Gold of every prefix of two responses.</summary>
    public static ChartSpec Pair(LabResult a, LabResult b)
    {
        var n = Math.Max(a.Words.Count, b.Words.Count);
        ChartTrace Line(LabResult r, string name, string? dash) => new()
        {
            Key = "gold",
            Name = name,
            X = [.. Enumerable.Range(1, r.Words.Count).Select(i => (double)i)],
            Y = r.Gold,
            Style = "line",
            Width = 2,
            Dash = dash,
        };
        return new ChartSpec
        {
            Traces = [Line(b, "B", "5px,3px"), Line(a, "A", null)],
            X = new ChartAxis { Range = [0, n * 1.05 + 1], Values = Ticks.Steps(n), Title = "words", Standoff = 4 },
            Margin = new ChartMargin(44, 24, 8, 36),
            Ends = [.. new[] { (a, "A"), (b, "B") }.Where(p => p.Item1.Words.Count > 0)
                .Select(p => new ChartEnd("gold", p.Item1.Words.Count, p.Item1.Gold[^1], p.Item2))],
        };
    }

    /// <summary>The numbers: one row per word.</summary>
    public static NumbersTable Numbers(LabResult result) => new(
        [new NumbersColumn("Word", 0), new NumbersColumn("Gold, re-scored", 3), new NumbersColumn("Gold, per position", 3),
            .. result.Features.Keys.Select(s => new NumbersColumn(s, 3)), new NumbersColumn("Proxy", 3)],
        [.. Enumerable.Range(0, result.Words.Count)
            .Select(
                i => (double[])[i + 1, result.Gold[i], result.GoldByPosition[i], .. result.Features.Values.Select(v => v[i]),
                    result.Proxy[i]])]);

    private static string DashOf(string symbol) =>
        RewardFeatures.Symbols.ToList().IndexOf(symbol) is >= 0 and var place ? Dashes[place % Dashes.Length] : OwnDash;

    // Where the repetition penalty falls, trigrams repeat: the longest such stretch.
    private static (int From, int To)? Repeats(LabResult result)
    {
        if (!result.Features.TryGetValue(new RepetitionPenalty().Symbol, out var penalty)) return null;
        (int From, int To)? longest = null;
        for (var i = 1; i < penalty.Length; i++)
        {
            if (penalty[i] >= penalty[i - 1]) continue;
            var from = i;
            while (i + 1 < penalty.Length && penalty[i + 1] < penalty[i]) i++;
            if (i - from >= 2 && (longest is null || i - from > longest.Value.To - longest.Value.From)) longest = (from + 1, i + 1);
        }
        return longest;
    }

    // Names at the lower panel's ends, moved apart where they would meet.
    private static List<ChartEnd> Apart(List<ChartEnd> ends)
    {
        var lower = ends.Where(e => e.Axis == "y2").OrderBy(e => e.Y).ToList();
        if (lower.Count < 2) return ends;
        var least = 0.085 * Math.Max(1e-9, lower[^1].Y - Math.Min(0, lower[0].Y));
        var at = double.NegativeInfinity;
        for (var i = 0; i < lower.Count; i++)
        {
            var wanted = Math.Max(lower[i].Y, at + least);
            at = wanted;
            // A unit of the panel is about 170 pixels over its range.
            var shift = (wanted - lower[i].Y) / Math.Max(1e-9, lower[^1].Y - Math.Min(0, lower[0].Y)) * 170;
            ends[ends.IndexOf(lower[i])] = lower[i] with { Shift = shift };
        }
        return ends;
    }

    // The best prefix is the highest point and has its name at the panel's top: some room keeps the two apart.
    private static double[] WithHead(LabResult result)
    {
        var known = result.Gold.Concat(result.GoldByPosition).Where(double.IsFinite).ToArray();
        var spread = Math.Max(1e-3, known.Max() - known.Min());
        return [known.Min() - 0.06 * spread, known.Max() + 0.2 * spread];
    }

    private static string Shorten(string word) => word.Length <= 16 ? word : word[..15] + "…";
}
