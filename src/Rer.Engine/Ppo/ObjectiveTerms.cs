namespace Rer.Engine.Ppo;

/// <summary>The objective's terms on the host, `[tokens]` each; see <see cref="PpoObjective"/>.</summary>
internal sealed record ObjectiveTerms(
    float[] Ratio, float[] PolicyLoss, float[] ValueLoss, float[] PolicyClipped, float[] ValueClipped, float[] LogRatio)
{
    /// <summary>Means over one mini-batch, `length` tokens from `start`. Over the ratio threshold its loss is zeroed, as TRL does.</summary>
    public MinibatchReport Summarise(int start, int length, PpoOptions options)
    {
        double Mean(float[] values)
        {
            double sum = 0;
            for (var t = start; t < start + length; t++) sum += values[t];
            return sum / length;
        }

        double squares = 0;
        for (var t = start; t < start + length; t++) squares += (double)LogRatio[t] * LogRatio[t];
        var ratio = Mean(Ratio);
        var skipped = ratio > options.RatioThreshold;
        var (policy, value) = skipped ? (0, 0) : (Mean(PolicyLoss), Mean(ValueLoss));
        return new MinibatchReport(
            policy, value, policy + options.ValueCoefficient * value, ratio, Mean(PolicyClipped), Mean(ValueClipped),
            0.5 * squares / length, skipped);
    }
}
