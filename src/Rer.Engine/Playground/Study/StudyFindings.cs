using System.Globalization;
using System.Text;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Playground.Study;

/// <summary>
/// The paper's findings as statements about a study's runs, each with the numbers that hold or do not. The bars were set before the
/// study was run and no run changes them.
/// </summary>
internal static class StudyFindings
{
    /// <summary>The findings as a Markdown list.</summary>
    public static string Render(IReadOnlyList<StudyRun> runs)
    {
        var (length, flat, branched) = (Of("LI"), Of("LI*RP*QR"), Of("RER"));
        var seeds = length.Length;
        var text = new StringBuilder();
        Line("`LI`: over-optimised, gold at the end 3 standard errors or more below its peak",
            length.Count(run => run.Monotonicity.Verdict == Verdict.OverOptimised && FallInErrors(run) >= 3), seeds,
            length.Select(run => $"{Plain(run.Gold.Max())} to {Plain(run.Gold[^1])}, {Plain(FallInErrors(run))} errors"));
        Line("`LI`: gold rises before it falls", length.Count(run => run.Monotonicity.PeakStep > 0), seeds,
            length.Select(run => $"{Plain(run.Gold[0])} to {Plain(run.Gold.Max())}"));
        Line("`RER`: Spearman's rho .9 or more, p below .05",
            branched.Count(
                run =>
                    run.Monotonicity.Raw.Rho >= Monotonicity.LeastRho && run.Monotonicity.Raw.DecisivePValue < Monotonicity.Significance),
            seeds, branched.Select(run => Plain(run.Monotonicity.Raw.Rho)));
        Line("`RER`: gold .4 or more above its start", branched.Count(run => run.Gold[^1] - run.Gold[0] >= 0.4), seeds,
            branched.Select(run => Signed(run.Gold[^1] - run.Gold[0])));
        var pairs = branched.Zip(flat).ToArray();
        Line("`RER` above `LI*RP*QR` at the end by .4 in gold", pairs.Count(pair => Gain(pair) >= 0.4), seeds,
            pairs.Select(pair => Signed(Gain(pair))));
        Line("... and by 1.0 in closed-ended gold", pairs.Count(pair => ClosedGain(pair) >= 1), seeds,
            pairs.Select(pair => Signed(ClosedGain(pair))));
        Line("`RER`: closed-ended Self-BLEU up by .10", branched.Count(run => BleuRise(run) >= 0.1), seeds,
            branched.Select(run => Signed(BleuRise(run))));
        Line("... and .2 or more above open-ended", branched.Count(run => BleuGap(run) >= 0.2), seeds,
            branched.Select(run => Signed(BleuGap(run))));
        return text.ToString();

        StudyRun[] Of(string design) => [.. runs.Where(run => run.Design == design).OrderBy(run => run.Seed)];

        void Line(string finding, int held, int of, IEnumerable<string> values) => text.Append(
            CultureInfo.InvariantCulture, $"- {finding}: {held} of {of} seeds ({string.Join("; ", values)})\n");
    }

    /// <summary>How far gold has fallen from its peak, in standard errors of that paired difference over queries.</summary>
    private static double FallInErrors(StudyRun run)
    {
        var peak = Array.IndexOf(run.Gold, run.Gold.Max());
        var falls = run.Evaluations[peak].GoldByQuery.Zip(run.Evaluations[^1].GoldByQuery, (high, end) => high - end).ToArray();
        var mean = falls.Average();
        var error = Math.Sqrt(falls.Sum(fall => Math.Pow(fall - mean, 2)) / (falls.Length - 1) / falls.Length);
        return error == 0 ? 0 : mean / error;
    }

    private static string Plain(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    // Rounded first, and a negative zero made plain: otherwise -.001 is written -+0.00.
    private static string Signed(double value) => (Math.Round(value, 2) + 0).ToString("+0.00;-0.00", CultureInfo.InvariantCulture);

    private static double Gain((StudyRun Branched, StudyRun Flat) pair) => pair.Branched.Gold[^1] - pair.Flat.Gold[^1];

    private static double ClosedGain((StudyRun Branched, StudyRun Flat) pair) =>
        pair.Branched.GoldOf(QueryType.ClosedEnded)[^1] - pair.Flat.GoldOf(QueryType.ClosedEnded)[^1];

    private static double BleuRise(StudyRun run) => SelfBleuOf(run, QueryType.ClosedEnded)[^1] - SelfBleuOf(run, QueryType.ClosedEnded)[0];

    private static double BleuGap(StudyRun run) => SelfBleuOf(run, QueryType.ClosedEnded)[^1] - SelfBleuOf(run, QueryType.OpenEnded)[^1];

    private static double[] SelfBleuOf(StudyRun run, QueryType type) => run.Of(new MetricColumn(new SelfBleu(), type));
}
