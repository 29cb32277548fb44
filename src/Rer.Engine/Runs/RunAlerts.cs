using System.Globalization;
using Rer.Engine.Evaluation;
using Rer.Engine.Ppo;

namespace Rer.Engine.Runs;

/// <summary>Finds what is amiss in a run from what it has recorded.</summary>
public static class RunAlerts
{
    /// <summary>Steps in the running mean that a metric is judged by.</summary>
    public const int Window = 20;

    /// <summary>KL alerts above this many times the target.</summary>
    public const double KlFactor = 1.5;

    /// <summary>Entropy alerts below this share of its mean over the first <see cref="Window"/> steps.</summary>
    public const double EntropyShare = 0.25;

    /// <summary>Length alerts above this share of the most tokens a response may have.</summary>
    public const double LengthShare = 0.9;

    /// <summary>Evaluations in a row over which the proxy rises and gold falls.</summary>
    public const int EvaluationsInARow = 3;

    /// <summary>Every rule that holds now or has held: its last occurrence, open ones first, then the newest.</summary>
    /// <param name="plan">The run's plan: targets and limits.</param>
    /// <param name="evaluations">By step.</param>
    /// <param name="metric">A metric's series by its name; an empty one where it was not recorded.</param>
    public static IReadOnlyList<RunAlert> Find(RunPlan plan, IReadOnlyList<EvaluationReport> evaluations, Func<string, MetricSeries> metric)
    {
        var found = new List<RunAlert?>
        {
            ProxyUpGoldDown(evaluations),
            Kl(plan, metric(Metric.Kl)),
            Ratio(plan, metric(Metric.SkippedMinibatches)),
            Entropy(metric(Metric.Entropy)),
            Length(plan, metric(Metric.LengthMean), metric(Metric.EndedWithEos)),
        };
        return [.. found.OfType<RunAlert>().OrderByDescending(a => a.Open).ThenByDescending(a => a.Closed ?? a.Opened)];
    }

    /// <summary>The same of a run in a store.</summary>
    public static IReadOnlyList<RunAlert> Find(RunStore store, RunRecord run)
    {
        string[] names = [Metric.Kl, Metric.SkippedMinibatches, Metric.Entropy, Metric.LengthMean, Metric.EndedWithEos];
        var series = store.Metrics(run.Id, names, maxPoints: Math.Max(2, run.Step)).ToDictionary(s => s.Name);
        return Find(run.Plan, store.Evaluations(run.Id), name => series[name]);
    }

    private static RunAlert? ProxyUpGoldDown(IReadOnlyList<EvaluationReport> evaluations)
    {
        RunAlert? last = null;
        var row = 0;
        for (var i = 1; i < evaluations.Count; i++)
        {
            var apart = evaluations[i].Proxy.Mean > evaluations[i - 1].Proxy.Mean && evaluations[i].Gold.Mean < evaluations[i - 1].Gold.Mean;
            row = apart ? row + 1 : 0;
            if (row >= EvaluationsInARow)
            {
                var before = evaluations[i - row];
                last = new RunAlert(
                    RunAlertKind.ProxyUpGoldDown,
                    "Proxy up, gold down",
                    $"{row} evaluations in a row. Gold {Number(before.Gold.Mean)} at step {Step(before.Step)}, {Number(evaluations[i].Gold.Mean)} at step {Step(evaluations[i].Step)}.",
                    evaluations[i - row + EvaluationsInARow].Step,
                    null);
            }
            else if (last is { Closed: null })
            {
                last = last with { Closed = evaluations[i].Step };
            }
        }
        return last;
    }

    private static RunAlert? Kl(RunPlan plan, MetricSeries kl) => plan.Ppo.KlTarget > 0
        ? Last(kl, mean => mean > KlFactor * plan.Ppo.KlTarget, (mean, opened, closed) => new RunAlert(
            RunAlertKind.KlAboveTarget,
            $"KL above {Number(KlFactor, 1)} × target",
            $"Mean {Number(mean, 1)} nats a sequence; the target is {Number(plan.Ppo.KlTarget, 1)}.",
            opened,
            closed))
        : null;

    private static RunAlert? Ratio(RunPlan plan, MetricSeries skipped) => Last(skipped, mean => mean > 0, (mean, opened, closed) => new RunAlert(
        RunAlertKind.RatioAboveThreshold,
        "Mini-batches skipped",
        $"{Number(mean, 2)} a step: their mean ratio passed {Number(plan.Ppo.RatioThreshold, 0)}.",
        opened,
        closed));

    private static RunAlert? Entropy(MetricSeries entropy)
    {
        var start = entropy.Values.Take(Window).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        return Last(entropy, mean => mean < EntropyShare * start, (mean, opened, closed) => new RunAlert(
            RunAlertKind.EntropyCollapse,
            "Entropy collapsed",
            $"{Number(mean)} nats a token; it was {Number(start)} at the start.",
            opened,
            closed));
    }

    private static RunAlert? Length(RunPlan plan, MetricSeries length, MetricSeries eos)
    {
        var without = 1 - eos.Values.TakeLast(Window).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        return Last(length, mean => mean > LengthShare * plan.Ppo.MaxResponseTokens, (mean, opened, closed) => new RunAlert(
            RunAlertKind.LengthNearLimit,
            "Length near its limit",
            $"Mean {Number(mean, 0)} of {plan.Ppo.MaxResponseTokens} tokens" + (double.IsFinite(without) ? $"; {Number(100 * without, 0)} % end without EOS." : "."),
            opened,
            closed));
    }

    // The last stretch of steps over which the running mean satisfied the rule.
    private static RunAlert? Last(MetricSeries series, Func<double, bool> rule, Func<double, int, int?, RunAlert> alert)
    {
        double sum = 0, latest = double.NaN;
        int count = 0, opened = -1, closed = -1;
        for (var i = 0; i < series.Values.Length; i++)
        {
            if (double.IsFinite(series.Values[i])) (sum, count) = (sum + series.Values[i], count + 1);
            if (i >= Window && double.IsFinite(series.Values[i - Window])) (sum, count) = (sum - series.Values[i - Window], count - 1);
            if (i + 1 < Window || count == 0) continue;
            var mean = sum / count;
            if (rule(mean))
            {
                if (opened < 0 || closed >= 0) opened = series.Steps[i];
                closed = -1;
                latest = mean;
            }
            else if (opened >= 0 && closed < 0)
            {
                closed = series.Steps[i];
            }
        }
        return opened < 0 ? null : alert(latest, opened, closed < 0 ? null : closed);
    }

    private static string Number(double value, int decimals = 2) => value.ToString("F" + decimals, CultureInfo.InvariantCulture).Replace('-', '\u2212');

    private static string Step(int step) => step.ToString("#,0", CultureInfo.InvariantCulture);
}
