using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>
/// PPO's clipped objective (Schulman et al. 2017, equation 7) with a clipped value loss, token by token, `[tokens]`.
/// </summary>
/// <param name="Ratio">`exp(logp_new - logp)`.</param>
/// <param name="PolicyLoss">`max(-A ratio, -A clip(ratio, 1 ± clip))`.</param>
/// <param name="ValueLoss">`½ max((v - R)², (clip(v, v_old ± value clip) - R)²)`.</param>
/// <param name="PolicyClipped">1 where the clipped branch is the larger.</param>
/// <param name="ValueClipped">1 where the clipped branch is the larger.</param>
internal sealed record PpoObjective(Tensor Ratio, Tensor PolicyLoss, Tensor ValueLoss, Tensor PolicyClipped, Tensor ValueClipped)
{
    /// <summary>The objective's terms; all tensors `[tokens]`, <paramref name="logProbs"/> and <paramref name="values"/> with gradient.</summary>
    public static PpoObjective Compute(
        Tensor logProbs, Tensor values, Tensor oldLogProbs, Tensor oldValues, Tensor advantages, Tensor returns, PpoOptions options)
    {
        var ratio = exp(logProbs - oldLogProbs);
        var unclipped = -advantages * ratio;
        var clipped = -advantages * clamp(ratio, 1 - options.ClipRange, 1 + options.ClipRange);

        // Not oldValues + clamp(values - oldValues): its rounding would count values within the range as clipped.
        var clippedValues = maximum(minimum(values, oldValues + options.ValueClipRange), oldValues - options.ValueClipRange);
        var valueError = square(values - returns);
        var clippedValueError = square(clippedValues - returns);

        return new PpoObjective(
            ratio,
            maximum(unclipped, clipped),
            0.5 * maximum(valueError, clippedValueError),
            clipped.gt(unclipped),
            clippedValueError.gt(valueError));
    }

    /// <summary>Copies all terms to the host, in one transfer.</summary>
    /// <param name="logProbs">As given to <see cref="Compute"/>.</param>
    /// <param name="oldLogProbs">As given to <see cref="Compute"/>.</param>
    /// <param name="terms">Takes them.</param>
    /// <param name="places">Where in it each token's go.</param>
    public void ToHost(Tensor logProbs, Tensor oldLogProbs, ObjectiveTerms terms, int[] places)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] rows = [Ratio, PolicyLoss, ValueLoss, PolicyClipped, ValueClipped, logProbs - oldLogProbs];
        float[][] targets = [terms.Ratio, terms.PolicyLoss, terms.ValueLoss, terms.PolicyClipped, terms.ValueClipped, terms.LogRatio];
        var values = stack(rows.Select(row => row.detach().to(ScalarType.Float32))).cpu().data<float>().ToArray();
        for (var row = 0; row < rows.Length; row++)
        {
            for (var t = 0; t < places.Length; t++) targets[row][places[t]] = values[(row * places.Length) + t];
        }
    }
}
