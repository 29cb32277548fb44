namespace Rer.Engine.Ppo;

/// <summary>The objective's terms on the host, flat over a batch; see <see cref="PpoObjective"/>.</summary>
/// <param name="tokens">Response tokens of the batch.</param>
internal sealed class ObjectiveTerms(int tokens)
{
    public float[] Ratio { get; } = new float[tokens];

    public float[] PolicyLoss { get; } = new float[tokens];

    public float[] ValueLoss { get; } = new float[tokens];

    public float[] PolicyClipped { get; } = new float[tokens];

    public float[] ValueClipped { get; } = new float[tokens];

    public float[] LogRatio { get; } = new float[tokens];

    /// <summary>Means over one mini-batch. Over the ratio threshold its loss is zeroed, as TRL does.</summary>
    /// <param name="places">Flat indices of its tokens.</param>
    /// <param name="options">The threshold, and the weight of the value loss.</param>
    public MinibatchReport Summarise(int[] places, PpoOptions options)
    {
        double Mean(float[] values) => places.Sum(place => (double)values[place]) / places.Length;

        var squares = places.Sum(place => (double)LogRatio[place] * LogRatio[place]);
        var ratio = Mean(Ratio);
        var skipped = ratio > options.RatioThreshold;
        var (policy, value) = skipped ? (0, 0) : (Mean(PolicyLoss), Mean(ValueLoss));
        return new MinibatchReport(
            policy, value, policy + options.ValueCoefficient * value, ratio, Mean(PolicyClipped), Mean(ValueClipped),
            0.5 * squares / places.Length, skipped);
    }
}
