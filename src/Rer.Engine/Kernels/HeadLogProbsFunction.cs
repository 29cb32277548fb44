using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Rer.Engine.Kernels;

/// <summary>
/// Log-probabilities under a head, a block of positions at a time: the logits of all of them are never there at once. With a
/// log-probability comes what its hidden state's gradient is but for a factor, `(onehot(label) - p) head`, so that no logits are kept;
/// the head's own gradient, where one is wanted, computes them again.
/// </summary>
internal sealed class HeadLogProbsFunction : MultiTensorFunction<HeadLogProbsFunction>
{
    /// <summary>
    /// What this thread returned last. libtorch reads it once the method has ended, on a GPU's own thread outside of any scope.
    /// </summary>
    [ThreadStatic]
    private static List<Tensor>? _returned;

    /// <inheritdoc/>
    public override string Name => nameof(HeadLogProbsFunction);

    /// <summary>(hidden, head, labels, positions at once) to log-probabilities and entropies.</summary>
    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (hidden, head, labels, atOnce) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (long)vars[3]);
        var (logProbs, entropies, slopes) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        foreach (var (start, count) in Blocks(hidden.shape[0], atOnce))
        {
            using var blockScope = NewDisposeScope();
            var label = labels.narrow(0, start, count);
            var all = LogSoftmax(hidden.narrow(0, start, count), head);
            var p = all.exp();
            logProbs.Add(all.gather(1, label.unsqueeze(1)).squeeze(1).MoveToOuterDisposeScope());
            entropies.Add((p * all).sum([-1L]).neg().MoveToOuterDisposeScope());
            if (hidden.requires_grad) slopes.Add(matmul(Slope(p, label).to(head.dtype), head).MoveToOuterDisposeScope());
        }
        // What is saved is taken after this method has ended.
        var slope = hidden.requires_grad ? cat(slopes, 0).MoveToOuterDisposeScope() : null;
        ctx.save_for_backward(head.requires_grad ? [slope ?? hidden, hidden, head, labels] : slope is null ? [] : [slope]);
        ctx.save_data(nameof(HeadLogProbsFunction), (slope is not null, head.requires_grad, atOnce));
        List<Tensor> both = [cat(logProbs, 0).to(ScalarType.Float32), cat(entropies, 0).to(ScalarType.Float32)];
        ctx.set_materialize_grads(false);
        foreach (var result in both) result.MoveToOuterDisposeScope();
        return both;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (ofHidden, ofHead, atOnce) = ((bool, bool, long))ctx.get_data(nameof(HeadLogProbsFunction));
        var factor = grad_outputs[0].unsqueeze(1);
        var dHidden = ofHidden ? (saved[0] * factor.to(saved[0].dtype)).MoveToOuterDisposeScope() : null;
        var dHead = ofHead ? HeadGradient(saved[1], saved[2], saved[3], factor, atOnce).MoveToOuterDisposeScope() : null;
        return _returned = [dHidden!, dHead!, null!, null!];
    }

    private static Tensor HeadGradient(Tensor hidden, Tensor head, Tensor labels, Tensor factor, long atOnce)
    {
        var sum = zeros_like(head);
        foreach (var (start, count) in Blocks(hidden.shape[0], atOnce))
        {
            using var scope = NewDisposeScope();
            var states = hidden.narrow(0, start, count);
            var slope = Slope(LogSoftmax(states, head).exp(), labels.narrow(0, start, count)) * factor.narrow(0, start, count);
            sum.add_(matmul(slope.t().to(states.dtype), states));
        }
        return sum;
    }

    /// <summary>[positions, vocabulary], in float32 at least.</summary>
    private static Tensor LogSoftmax(Tensor hidden, Tensor head)
    {
        var logits = nn.functional.linear(hidden, head);
        return (logits.dtype == ScalarType.Float64 ? logits : logits.to(ScalarType.Float32)).log_softmax(-1);
    }

    /// <summary>`onehot(label) - p`, the gradient of a label's log-probability by the logits; p is used up.</summary>
    private static Tensor Slope(Tensor p, Tensor labels)
    {
        using var ones = torch.ones([labels.shape[0], 1], p.dtype, p.device);
        return p.neg_().scatter_add_(1, labels.unsqueeze(1), ones);
    }

    private static IEnumerable<(long Start, long Count)> Blocks(long rows, long atOnce)
    {
        for (var start = 0L; start < rows; start += atOnce) yield return (start, Math.Min(atOnce, rows - start));
    }
}
