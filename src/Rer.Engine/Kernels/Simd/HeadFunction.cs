using Rer.Engine.Kernels.Simd.Products;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels.Simd;

/// <summary>
/// Log-probabilities under a frozen head, as <see cref="HeadLogProbsFunction"/>: with each comes what its hidden state's gradient is but
/// for a factor, so that no logits are kept.
/// </summary>
internal sealed unsafe class HeadFunction : MultiTensorFunction<HeadFunction>
{
    /// <inheritdoc/>
    public override string Name => nameof(HeadFunction);

    /// <summary>(hidden, head, labels, positions at once) to log-probabilities and entropies.</summary>
    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        var (hidden, slopes) = ((Tensor)vars[0], Matrix.New(((Tensor)vars[0]).shape));
        var (logProbs, entropies) = Compute(hidden, (Tensor)vars[1], (Tensor)vars[2], (long)vars[3], Matrix.Floats(slopes));
        ctx.save_for_backward([slopes]);
        ctx.set_materialize_grads(false);
        return [logProbs, entropies];
    }

    /// <summary>Both, without a graph.</summary>
    /// <param name="hidden">[positions, hidden], contiguous.</param>
    /// <param name="head">[vocabulary, hidden], contiguous.</param>
    /// <param name="labels">[positions], int64, contiguous.</param>
    /// <param name="atOnce">Positions whose logits are held at a time.</param>
    /// <param name="slopes">[positions, hidden]: takes the gradients of the log-probabilities by the hidden states; null where none is
    /// wanted.</param>
    public static (Tensor LogProbs, Tensor Entropies) Compute(Tensor hidden, Tensor head, Tensor labels, long atOnce, float* slopes)
    {
        var (states, weight) = (Matrix.Of(hidden), Matrix.Of(head));
        var (logProbs, entropies) = (Matrix.New(states.Rows), Matrix.New(states.Rows));
        float* ofLogProbs = Matrix.Floats(logProbs), ofEntropies = Matrix.Floats(entropies);
        var label = Matrix.Integers(labels);
        var packed = PackedWeight.Of(head);
        for (long begin = 0; begin < states.Rows; begin += atOnce)
        {
            var count = Math.Min(atOnce, states.Rows - begin);
            var some = new Matrix(states.Data + (begin * states.Columns), count, states.Columns);
            var logits = new Matrix(Workspace.Own.Take(Workspace.Purpose.Logits, count * weight.Rows), count, weight.Rows);
            if (packed is null) Blas.Multiply(some, weight.T, logits);
            else packed.Forward.LeftMultiply(some, logits, add: false);
            Read(logits, label + begin, ofLogProbs + begin, ofEntropies + begin, intoSlope: slopes != null);
            if (slopes == null) continue;
            var slope = new Matrix(slopes + (begin * states.Columns), count, states.Columns);
            if (packed is null) Blas.Multiply(logits, weight, slope);
            else packed.Backward.LeftMultiply(logits, slope, add: false);
        }
        return (logProbs, entropies);
    }

    /// <summary>Log-probability and entropy of each row; where asked for, logits become their gradients.</summary>
    public static void Read(Matrix logits, long* labels, float* logProbs, float* entropies, bool intoSlope) =>
        ThreadTeam.For(logits.Rows, logits.Columns, (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                logProbs[row] =
                    TokenDistribution.LogProb(logits.Data + (row * logits.Stride), logits.Columns, labels[row], out var entropy, intoSlope);
                entropies[row] = entropy;
            }
        });

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var slopes = ctx.get_saved_variables()[0];
        using var factor = grad_outputs[0].unsqueeze(1);
        return [slopes * factor, null!, null!, null!];
    }
}
