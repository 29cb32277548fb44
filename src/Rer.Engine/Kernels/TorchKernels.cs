using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>Everything by libtorch's operators: on any device, in any type.</summary>
internal class TorchKernels : IKernels
{
    /// <summary>Logits held at a time: 64 MB of float32.</summary>
    private const long MaxLogits = 16 << 20;

    protected TorchKernels()
    {
    }

    /// <summary>It keeps no state: one serves all models.</summary>
    public static TorchKernels Instance { get; } = new();

    /// <inheritdoc/>
    public virtual Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => nn.functional.linear(x, weight, bias);

    /// <inheritdoc/>
    public virtual Tensor Linear(Tensor x, Tensor weight, Tensor? bias, IReadOnlyList<LowRank> adapters)
    {
        using var scope = NewDisposeScope();
        var flat = x.reshape(-1, x.shape[^1]);
        var columns = new List<Tensor>();
        var y = nn.functional.linear(flat, weight, bias);
        var end = 0L;
        foreach (var (a, b, start, scale) in adapters)
        {
            if (start > end) columns.Add(y.narrow(1, end, start - end));
            columns.Add(addmm(y.narrow(1, start, b.shape[0]), matmul(flat, a.t()), b.t(), 1f, (float)scale));
            end = start + b.shape[0];
        }
        if (end < y.shape[1]) columns.Add(y.narrow(1, end, y.shape[1] - end));
        return (columns.Count == 1 ? columns[0] : cat(columns, 1)).view([.. x.shape[..^1], y.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
    {
        using var scope = NewDisposeScope();
        var wide = x.dtype == ScalarType.Float64 ? x : x.to(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (gain * (wide * scale).to(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor GatedSilu(Tensor stacked)
    {
        using var scope = NewDisposeScope();
        var parts = stacked.chunk(2, -1);
        return (nn.functional.silu(parts[0]) * parts[1]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor Attend(Tensor stacked, HeadShape heads, Rotation? rotation, SequenceLayout layout, KeyValues? kept)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Split(layout.Spread(stacked), heads, rotation is { } given ? layout.Spread(given) : null);
        var tokens = query.shape[2];
        if (kept is { } rows)
        {
            rows.Keys.narrow(2, 0, tokens).copy_(key);
            rows.Values.narrow(2, 0, tokens).copy_(value);
        }
        var seen = layout.Seen(tokens, heads.Window);
        var mixed = nn.functional.scaled_dot_product_attention(
            query, Repeat(key, heads.Group), Repeat(value, heads.Group), seen, is_casual: seen is null);
        return layout.Gather(mixed.transpose(1, 2).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor AttendCached(Tensor stacked, HeadShape heads, Rotation? rotation, KeyValues cache, Tensor starts, long filled)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = Split(stacked, heads, rotation);
        var rows = stacked.shape[0];
        var (keys, values) = (cache.Keys.narrow(0, 0, rows), cache.Values.narrow(0, 0, rows));
        keys.narrow(2, filled, 1).copy_(key);
        values.narrow(2, filled, 1).copy_(value);
        // What has left the window lies at the front of the cache.
        var begin = Math.Max(0, filled + 1 - (heads.Window ?? int.MaxValue));
        var length = filled + 1 - begin;
        var seen = arange(begin, begin + length, ScalarType.Int64, starts.device).unsqueeze(0) >= starts.unsqueeze(1);
        // The query heads that share a key head stand in for its tokens: keys and values are read once, never repeated.
        var mixed = nn.functional.scaled_dot_product_attention(
            query.reshape(rows, heads.KeyValueHeads, heads.Group, heads.Size), keys.narrow(2, begin, length),
            values.narrow(2, begin, length),
            seen.view(rows, 1, 1, length).expand(rows, 1, heads.Group, length));
        return mixed.reshape(rows, 1, heads.Heads * (long)heads.Size).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor LlamaBlock(LlamaBlock block, Tensor x, Rotation rotation, SelfAttention attention, Tensor? positions) =>
        block.Forward(x, rotation, attention, positions);

    /// <inheritdoc/>
    public virtual (Tensor LogProbs, Tensor Entropy) HeadLogProbs(Tensor hidden, Tensor head, Tensor labels)
    {
        var both = HeadLogProbsFunction.apply(hidden, head, labels, HeadPositionsAtOnce(head.shape[0]));
        // Not mark_non_differentiable: TorchSharp 0.107 unpins the list of what is marked before native code reads it.
        return (both[0], both[1].detach());
    }

    /// <inheritdoc/>
    public virtual (Tensor LogProbs, Tensor Entropy) LogProbs(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var all = logits.to(ScalarType.Float32).log_softmax(-1);
        var logProbs = all.gather(1, labels.unsqueeze(1)).squeeze(1);
        // A token ruled out has a log-probability of minus infinity and adds nothing.
        var entropy = (all.exp() * all.clamp(min: float.MinValue)).sum([-1L]).neg();
        return (logProbs.MoveToOuterDisposeScope(), entropy.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public virtual long HeadPositionsAtOnce(long vocabulary) => Math.Max(1, MaxLogits / vocabulary);

    /// <inheritdoc/>
    public virtual Tensor Sample(Tensor logits, SamplingOptions options, Tensor uniforms) => TokenSampler.Sample(logits, options, uniforms);

    /// <inheritdoc/>
    public virtual double Norm(IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        return stack(tensors.Select(tensor => tensor.norm()).ToArray()).norm().ToDouble();
    }

    /// <inheritdoc/>
    public virtual void Adam(AdamState state, Tensor gradient, AdamStep step)
    {
        using var scope = NewDisposeScope();
        state.FirstMoment.mul_(step.Beta1).add_(gradient, 1 - step.Beta1);
        state.SecondMoment.mul_(step.Beta2).addcmul_(gradient, gradient, 1 - step.Beta2);
        var denominator = state.SecondMoment.sqrt().div_(step.Correction2).add_(step.Epsilon);
        state.Parameter.addcdiv_(state.FirstMoment, denominator, -step.LearningRate / step.Correction1);
    }

    /// <summary>
    /// Query [batch, heads, tokens, head size], key and value [batch, key-value heads, tokens, head size], rotated and scaled.
    /// </summary>
    private static (Tensor Query, Tensor Key, Tensor Value) Split(Tensor stacked, HeadShape heads, Rotation? rotation)
    {
        // Query and key heads turn alike, so they turn together.
        var turning = heads.Heads + heads.KeyValueHeads;
        var parts = stacked.view(stacked.shape[0], stacked.shape[1], turning + heads.KeyValueHeads, heads.Size)
            .split([turning, heads.KeyValueHeads], 2);
        var turned = (rotation is { } given ? given.Apply(parts[0]) : parts[0]).split([heads.Heads, heads.KeyValueHeads], 2);
        // The operator divides by the square root of the head size.
        var factor = heads.Scale * Math.Sqrt(heads.Size);
        var query = Math.Abs(factor - 1) < 1e-12 ? turned[0] : turned[0] * factor;
        return (query.transpose(1, 2), turned[1].transpose(1, 2), parts[1].transpose(1, 2));
    }

    /// <summary>Each key head once for every query head that shares it: [batch, heads, tokens, head size].</summary>
    private static Tensor Repeat(Tensor x, int group) => group == 1 ? x : x.repeat_interleave(group, 1);
}
