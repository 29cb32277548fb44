using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>Makes a <see cref="StepReport"/> of a step's parts.</summary>
internal static class StepSummary
{
    /// <summary>The report of step <paramref name="step"/>; see <see cref="Metric"/> for what stands in it.</summary>
    public static StepReport Create(
        int step, RolloutBatch rollouts, BatchScores scores, PolicyTrace trace, LearnedStep learned, PhaseClock clock, Device device)
    {
        var update = learned.Minibatches;
        var lengths = rollouts.Responses.Select(r => (double)r.Length).ToArray();
        var (scoreMean, scoreStd) = MeanAndStd(scores.Totals);
        var (normalisedMean, normalisedStd) = MeanAndStd(learned.NormalisedScores);
        var returns = learned.Advantages.Returns;
        double OfValues(Func<MinibatchReport, double> term) => returns is null ? double.NaN : update.Average(term);
        var values = new Dictionary<string, double>
        {
            [Metric.ProxyMean] = scoreMean,
            [Metric.ProxyStd] = scoreStd,
            [Metric.NormalisedMean] = normalisedMean,
            [Metric.NormalisedStd] = normalisedStd,
            [Metric.Kl] = trace.SequenceKl(rollouts),
            [Metric.KlCoefficient] = learned.KlCoefficient,
            [Metric.Entropy] = trace.Policy.Entropies.Average(),
            [Metric.PolicyLoss] = update.Average(m => m.PolicyLoss),
            [Metric.ValueLoss] = OfValues(m => m.ValueLoss),
            [Metric.TotalLoss] = update.Average(m => m.TotalLoss),
            [Metric.ClipFraction] = update.Average(m => m.ClipFraction),
            [Metric.ValueClipFraction] = OfValues(m => m.ValueClipFraction),
            [Metric.ApproximateKl] = update.Average(m => m.ApproximateKl),
            [Metric.RatioMean] = update.Average(m => m.RatioMean),
            [Metric.SkippedMinibatches] = update.Count(m => m.Skipped),
            [Metric.ExplainedVariance] = returns is null ? double.NaN : ExplainedVariance(trace.Values, returns),
            [Metric.GradientNorm] = update.Select(m => m.GradientNorm).Where(norm => !double.IsNaN(norm)).DefaultIfEmpty(double.NaN)
                .Average(),
            [Metric.PolicyGradientNorm] = FirstOf(update, parts => parts.Policy),
            [Metric.ValueGradientNorm] = FirstOf(update, parts => parts.Value),
            [Metric.LearningRate] = learned.LearningRate,
            [Metric.LengthMean] = lengths.Average(),
            [Metric.LengthMax] = lengths.Max(),
            [Metric.EndedWithEos] = rollouts.EndedWithEos.Count(e => e) / (double)rollouts.Count,
            [Metric.TokensPerSecond] = rollouts.Tokens / clock[Metric.SecondsGenerate],
            [Metric.SecondsGenerate] = clock[Metric.SecondsGenerate],
            [Metric.SecondsForward] = clock[Metric.SecondsForward],
            [Metric.SecondsScore] = clock[Metric.SecondsScore],
            [Metric.SecondsUpdate] = clock[Metric.SecondsUpdate],
            [Metric.SecondsStep] = clock.Total,
            [Metric.PeakMemory] = PeakMemory.Of(device),
        };
        foreach (var (metric, value) in learned.Advantages.Metrics) values[metric] = value;
        foreach (var (metric, mean) in FeatureMeans(scores)) values[metric] = mean;
        return new StepReport(step, values);
    }

    private static double FirstOf(IEnumerable<MinibatchReport> update, Func<(double Policy, double Value), double> norm) =>
        update.Select(m => norm(m.GradientParts)).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).First();

    /// <summary>
    /// Mean of every feature over the items of each query type; items without a type count as open-ended, as they are scored.
    /// </summary>
    private static IEnumerable<(string Metric, double Mean)> FeatureMeans(BatchScores scores) =>
        from pair in scores.Items.Zip(scores.Breakdowns)
        from feature in pair.Second.Features
        where double.IsFinite(feature.Value)
        group feature.Value by Metric.Feature(pair.First.QueryType ?? Data.Prompts.QueryType.OpenEnded, feature.Key) into values
        select (values.Key, values.Average());

    /// <summary>`1 - Var(R - V) / Var(R)`; NaN where all returns are equal.</summary>
    internal static double ExplainedVariance(float[] values, float[] returns)
    {
        var (_, error) = MeanAndStd(returns.Zip(values, (r, v) => (double)r - v).ToArray());
        var (_, spread) = MeanAndStd(Array.ConvertAll(returns, r => (double)r));
        return spread > 0 ? 1 - error * error / (spread * spread) : double.NaN;
    }

    private static (double Mean, double Std) MeanAndStd(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        if (values.Count < 2) return (mean, double.NaN);
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1)));
    }
}
