using static TorchSharp.torch;

namespace Rer.Engine.Models.Generation;

/// <summary>From logits to tokens.</summary>
internal static class TokenSampler
{
    /// <summary>
    /// Logits with temperature, top-k and top-p applied, in that order, as transformers does; what is cut is minus infinity.
    /// </summary>
    /// <param name="logits">[rows, vocabulary], float32.</param>
    /// <param name="options">Which to apply.</param>
    public static Tensor Warp(Tensor logits, SamplingOptions options)
    {
        using var scope = NewDisposeScope();
        if (options.Temperature != 1) logits = logits / options.Temperature;
        if (options.TopK > 0 && options.TopK < logits.shape[1])
        {
            var (largest, _) = logits.topk(options.TopK, -1);
            logits = logits.masked_fill(logits < largest.narrow(1, options.TopK - 1, 1), double.NegativeInfinity);
        }
        if (options.TopP < 1)
        {
            // From the least likely up: a token goes while it and all below it hold no more than the tail's mass.
            var (sorted, order) = logits.sort(-1);
            var cut = sorted.softmax(-1).cumsum(-1) <= 1 - options.TopP;
            cut = cat([cut.narrow(1, 0, cut.shape[1] - 1), zeros_like(cut.narrow(1, 0, 1))], 1);
            logits = logits.masked_fill(cut.scatter(1, order, cut), double.NegativeInfinity);
        }
        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>One token a row.</summary>
    /// <param name="logits">[rows, vocabulary], float32.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="uniforms">[rows, 1], float32: the point of the cumulative distribution each row takes.</param>
    /// <returns>[rows], int64.</returns>
    public static Tensor Sample(Tensor logits, SamplingOptions options, Tensor uniforms)
    {
        using var scope = NewDisposeScope();
        if (options.Greedy) return logits.argmax(-1).MoveToOuterDisposeScope();
        var cumulative = Warp(logits, options).softmax(-1).cumsum(-1);
        // The sum is 1 but for rounding: the point is taken within it, and a token of no mass is never the first beyond a point.
        var point = uniforms * cumulative.narrow(1, cumulative.shape[1] - 1, 1);
        return searchsorted(cumulative, point, right: true).squeeze(1).MoveToOuterDisposeScope();
    }
}
