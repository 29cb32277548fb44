using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Rer.Engine.Kernels.Simd;
using Rer.Engine.Kernels.Simd.Attention;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>
/// Kernels of our own for float32 on the CPU, where a benchmark shows that they gain: whole blocks, attention, decoding, what is read from
/// logits. The rest, and every case that a kernel does not know, is libtorch's.
/// </summary>
internal sealed unsafe class SimdKernels : TorchKernels
{
    /// <summary>Logits held at a time, to stay in the cache: half a megabyte.</summary>
    private const long CachedLogits = 1 << 17;

    private SimdKernels()
    {
    }

    /// <summary>It keeps no state: one serves all models.</summary>
    public static new SimdKernels Instance { get; } = new();

    /// <summary>Whether this processor multiplies and adds vectors in one instruction.</summary>
    public static bool IsSupported => (Avx2.IsSupported && Fma.IsSupported) || AdvSimd.Arm64.IsSupported;

    /// <inheritdoc/>
    public override Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        if (is_grad_enabled() || x.ndim > 2 && x.size(1) != 1 || x.numel() > FewRows.Most * weight.size(1) || !weight.is_contiguous())
            return base.Linear(x, weight, bias);
        x = Matrix.Dense(x);
        var y = Matrix.New([.. x.shape[..^1], weight.size(0)]);
        var (from, to) = (Matrix.Of(x), Matrix.Of(y));
        FewRows.Linear(from.Data, from.Rows, Matrix.Floats(weight), bias is null ? null : Matrix.Floats(bias), 0, to.Data, to.Columns,
            from.Columns);
        return y;
    }

    /// <inheritdoc/>
    public override Tensor Linear(Tensor x, Tensor weight, Tensor? bias, IReadOnlyList<LowRank> adapters)
    {
        var layer = new LinearLayer(weight, bias, adapters);
        if (!Blas.IsReachable || !layer.IsFrozen) return base.Linear(x, weight, bias, adapters);
        x = Matrix.Dense(x);
        if (is_grad_enabled()) return LinearFunction.apply([x, layer, .. layer.Trained]);
        var rows = x.numel() / layer.Inputs;
        return LinearFunction.Compute(x, layer,
            new Matrix(Workspace.Own.Take(Workspace.Purpose.LowRank, rows * layer.Rank), rows, layer.Rank));
    }

    /// <inheritdoc/>
    public override Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
    {
        x = Matrix.Dense(x);
        return is_grad_enabled() && (x.requires_grad || gain.requires_grad)
            ? RmsNormFunction.apply(x, gain, epsilon)
            : RmsNormFunction.Compute(x, gain, epsilon, null);
    }

    /// <inheritdoc/>
    public override Tensor GatedSilu(Tensor stacked)
    {
        stacked = Matrix.Dense(stacked);
        return is_grad_enabled() && stacked.requires_grad ? GatedSiluFunction.apply(stacked) : GatedSiluFunction.Compute(stacked);
    }

    /// <inheritdoc/>
    public override Tensor Attend(Tensor stacked, HeadShape heads, Rotation? rotation, SequenceLayout layout, KeyValues? kept) =>
        AttentionFunction.Run(stacked, heads, rotation, layout, kept);

    /// <inheritdoc/>
    public override Tensor AttendCached(Tensor stacked, HeadShape heads, Rotation? rotation, KeyValues cache, Tensor starts, long filled)
    {
        stacked = Matrix.Dense(stacked);
        var rows = stacked.size(0);
        var y = Matrix.New(rows, 1, (long)heads.Heads * heads.Size);
        CachedAttention.Forward(
            Matrix.Floats(stacked), rows, heads, new Angles(rotation), Matrix.Floats(cache.Keys), Matrix.Floats(cache.Values),
            cache.Keys.size(2),
            Matrix.Integers(starts), filled, Matrix.Floats(y));
        return y;
    }

    /// <inheritdoc/>
    public override Tensor LlamaBlock(LlamaBlock block, Tensor x, Rotation rotation, SelfAttention attention, Tensor? positions) =>
        attention switch
        {
            DecodeAttention decoding =>
                DecodeBlock.Run(block, x, rotation, decoding) ?? base.LlamaBlock(block, x, rotation, attention, positions),
            FullAttention full when LlamaBlockPass.Of(block, x, full, positions) is { } pass => LlamaBlockFunction.Run(pass, x, rotation),
            _ => base.LlamaBlock(block, x, rotation, attention, positions),
        };

    /// <inheritdoc/>
    public override (Tensor LogProbs, Tensor Entropy) HeadLogProbs(Tensor hidden, Tensor head, Tensor labels)
    {
        if (!Blas.IsReachable || head.requires_grad) return base.HeadLogProbs(hidden, head, labels);
        (hidden, labels) = (Matrix.Dense(hidden), Matrix.Dense(labels));
        CheckLabels(labels, head.size(0));
        var atOnce = HeadPositionsAtOnce(head.size(0));
        if (!is_grad_enabled() || !hidden.requires_grad) return HeadFunction.Compute(hidden, head, labels, atOnce, null);
        var both = HeadFunction.apply(hidden, head, labels, atOnce);
        // Not mark_non_differentiable: TorchSharp 0.107 unpins the list of what is marked before native code reads it.
        return (both[0], both[1].detach());
    }

    /// <inheritdoc/>
    public override (Tensor LogProbs, Tensor Entropy) LogProbs(Tensor logits, Tensor labels)
    {
        (logits, labels) = (Matrix.Dense(logits), Matrix.Dense(labels));
        CheckLabels(labels, logits.size(1));
        var (logProbs, entropies) = (Matrix.New(logits.size(0)), Matrix.New(logits.size(0)));
        HeadFunction.Read(Matrix.Of(logits), Matrix.Integers(labels), Matrix.Floats(logProbs), Matrix.Floats(entropies), intoSlope: false);
        return (logProbs, entropies);
    }

    /// <inheritdoc/>
    public override long HeadPositionsAtOnce(long vocabulary) =>
        Math.Min(base.HeadPositionsAtOnce(vocabulary), Math.Max(64, CachedLogits / vocabulary));

    /// <inheritdoc/>
    public override Tensor Sample(Tensor logits, SamplingOptions options, Tensor uniforms)
    {
        if (options.Greedy) return base.Sample(logits, options, uniforms);
        (logits, uniforms) = (Matrix.Dense(logits), Matrix.Dense(uniforms));
        var tokens = empty([logits.size(0)], ScalarType.Int64);
        var rows = Matrix.Of(logits);
        var points = Matrix.Floats(uniforms);
        var drawn = Matrix.Integers(tokens);
        ThreadTeam.For(rows.Rows, rows.Columns, (begin, end) =>
        {
            for (var row = begin; row < end; row++)
                drawn[row] = TokenDistribution.Sample(rows.Data + (row * rows.Stride), rows.Columns, options, points[row]);
        });
        return tokens;
    }

    /// <inheritdoc/>
    public override double Norm(IReadOnlyList<Tensor> tensors)
    {
        // In double from block to block: the sum does not depend on how many there are.
        const long block = 1024;
        var squares = 0.0;
        foreach (var tensor in tensors)
        {
            var dense = Matrix.Dense(tensor);
            var x = Matrix.Floats(dense);
            var length = dense.numel();
            for (long i = 0; i < length; i += block) squares += VectorMath.Dot(x + i, x + i, Math.Min(block, length - i));
        }
        return Math.Sqrt(squares);
    }

    /// <inheritdoc/>
    public override void Adam(AdamState state, Tensor gradient, AdamStep step)
    {
        var dense = Matrix.Dense(gradient);
        AdamUpdate.Apply(
            Matrix.Floats(state.Parameter), Matrix.Floats(dense), Matrix.Floats(state.FirstMoment), Matrix.Floats(state.SecondMoment),
            dense.numel(), step);
    }

    private static void CheckLabels(Tensor labels, long vocabulary)
    {
        var all = new ReadOnlySpan<long>(Matrix.Integers(labels), (int)labels.numel());
        for (var row = 0; row < all.Length; row++)
        {
            if ((ulong)all[row] >= (ulong)vocabulary)
                throw new ArgumentException($"label {all[row]} of row {row} is outside the vocabulary of {vocabulary}.");
        }
    }
}
