using Rer.Engine.Kernels.Simd.Attention;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd;

/// <summary>
/// A Llama's block over whole sequences in memory, forward and backward. To autograd it is one operator: its parts would be twenty,
/// each with a graph node and tensors of its own.
/// </summary>
internal sealed unsafe class LlamaBlockPass
{
    private readonly LlamaBlock _block;
    private readonly FullAttention _attention;
    private readonly LinearLayer _queryKeyValue;
    private readonly LinearLayer _attentionOutput;
    private readonly LinearLayer _gateUp;
    private readonly LinearLayer _down;
    private readonly long _batch;
    private readonly long _tokens;
    private readonly long _hidden;
    private readonly long _inner;

    // Rows of the result among those of the input; null where they are the same.
    private readonly long[]? _picked;
    private CausalAttention? _attends;

    private LlamaBlockPass(LlamaBlock block, Tensor x, FullAttention attention, Tensor? positions)
    {
        (_block, _attention) = (block, attention);
        (_queryKeyValue, _attentionOutput) = (new LinearLayer(block.QueryKeyValue), new LinearLayer(block.AttentionOutput));
        (_gateUp, _down) = (new LinearLayer(block.GateUp), new LinearLayer(block.Down));
        (_batch, _tokens, _hidden, _inner) = (x.size(0), x.size(1), x.size(2), _down.Inputs);
        if (positions is null) return;
        var along = new ReadOnlySpan<long>(Matrix.Integers(positions), (int)positions.numel()).ToArray();
        _picked = [.. Enumerable.Range(0, (int)_batch).SelectMany(row => along.Select(t => (row * _tokens) + t))];
    }

    /// <summary>What is trained: the adapters of all layers, in the order of <see cref="Backward"/>'s gradients.</summary>
    public Tensor[] Trained => [.. _queryKeyValue.Trained, .. _attentionOutput.Trained, .. _gateUp.Trained, .. _down.Trained];

    /// <summary>Floats that <see cref="Forward"/> leaves for <see cref="Backward"/>.</summary>
    public long KeptLength => new Kept(this, null).Length;

    private long Rows => _batch * _tokens;

    private long Results => _picked?.Length ?? Rows;

    private long HeadsWidth => (long)_block.Heads.Heads * _block.Heads.Size;

    /// <summary>
    /// A pass over a block; null where the block has parts that this class does not know: normalised heads, weights that are trained.
    /// </summary>
    public static LlamaBlockPass? Of(LlamaBlock block, Tensor x, FullAttention attention, Tensor? positions)
    {
        if (!Blas.IsReachable || block.QueryNorm is not null || block.AttentionNorm.requires_grad) return null;
        var pass = new LlamaBlockPass(block, x, attention, positions);
        return pass._queryKeyValue.IsFrozen && pass._attentionOutput.IsFrozen && pass._gateUp.IsFrozen && pass._down.IsFrozen ? pass : null;
    }

    /// <summary>A tensor for the result, [batch, tokens or positions, hidden].</summary>
    public Tensor NewResult() => Matrix.New(_batch, Results / _batch, _hidden);

    /// <summary>Computes the block.</summary>
    /// <param name="x">[batch, tokens, hidden], contiguous.</param>
    /// <param name="rotation">Of the batch's tokens, contiguous.</param>
    /// <param name="memory">Takes <see cref="KeptLength"/> floats of intermediate results.</param>
    /// <param name="y">Takes the result.</param>
    /// <param name="withGradient">Whether <see cref="Backward"/> will follow.</param>
    public void Forward(Tensor x, Rotation rotation, float* memory, Tensor y, bool withGradient)
    {
        var kept = new Kept(this, memory);
        var input = Matrix.Floats(x);
        var result = new Matrix(Matrix.Floats(y), Results, _hidden);

        // x + attention(norm(x))
        Norm.Forward(input, Matrix.Floats(_block.AttentionNorm), _block.Epsilon, kept.Normed.Data, kept.Scales.Data, Rows, _hidden);
        _queryKeyValue.Forward(kept.Normed, kept.Stacked, kept.LowStacked, add: false);
        var attended = Attend(rotation, kept, withGradient);
        Pick(input, kept.Residual.Data, _hidden);
        _attentionOutput.Forward(attended, kept.Residual, kept.LowOutput, add: true);

        // x + feedForward(norm(x))
        var normed = FeedForwardNorm(kept);
        _gateUp.Forward(normed, kept.GateUp, kept.LowGateUp, add: false);
        VectorMath.Copy(kept.Residual.Data, result.Data, Results * _hidden);
        _down.Forward(Gated(kept), result, kept.LowDown, add: true);
    }

    /// <summary>Gradients of what is trained, and of the input where it is asked for.</summary>
    /// <param name="x">As <see cref="Forward"/> had it.</param>
    /// <param name="memory">What it left.</param>
    /// <param name="dy">The gradient of the result, contiguous.</param>
    /// <param name="dx">Takes the gradient of the input; null where it is not wanted.</param>
    public List<Tensor> Backward(Tensor x, float* memory, Tensor dy, Tensor? dx)
    {
        var kept = new Kept(this, memory);
        var given = new Matrix(Matrix.Floats(dy), Results, _hidden);

        // The feed-forward half.
        var dGated = Take(Workspace.Purpose.GatedGradient, Results, _inner);
        var ofDown = _down.Backward(_down.Rank == 0 ? default : Gated(kept), kept.LowDown, given, dGated);
        var dGateUp = Take(Workspace.Purpose.GateUpGradient, Results, 2 * _inner);
        GatedUnit.Backward(kept.GateUp.Data, dGated.Data, dGateUp.Data, Results, _inner);
        var dNormed = Take(Workspace.Purpose.NormedGradient, Math.Max(Rows, Results), _hidden);
        var dFeedForwardNormed = new Matrix(dNormed.Data, Results, _hidden);
        var ofGateUp = _gateUp.Backward(_gateUp.Rank == 0 ? default : FeedForwardNorm(kept), kept.LowGateUp, dGateUp, dFeedForwardNormed);
        var dResidual = Take(Workspace.Purpose.ResidualGradient, Results, _hidden);
        Norm.Backward(
            kept.Residual.Data, Matrix.Floats(_block.FeedForwardNorm), kept.FeedForwardScales.Data, dFeedForwardNormed.Data, given.Data,
            dResidual.Data,
            dGain: null, Results, _hidden);

        // The attention half.
        var dAttended = Take(Workspace.Purpose.AttendedGradient, Results, HeadsWidth);
        var ofOutput = _attentionOutput.Backward(kept.Attended, kept.LowOutput, dResidual, dAttended);
        dAttended = Spread(dAttended, Workspace.Purpose.Attended);
        dResidual = Spread(dResidual, Workspace.Purpose.Residual);
        var dStacked = Take(Workspace.Purpose.StackedGradient, Rows, _block.Heads.Stacked);
        var (query, key, value) = HeadsInMemory.Stacked(kept.Stacked.Data, _tokens, _block.Heads);
        var (dQuery, dKey, dValue) = HeadsInMemory.Stacked(dStacked.Data, _tokens, _block.Heads);
        _attends!.Backward(query, key, value, HeadsInMemory.Alone(dAttended.Data, _tokens, _block.Heads), kept.LogTotals.Data, dQuery, dKey,
            dValue);
        var ofQueryKeyValue = _queryKeyValue.Backward(kept.Normed, kept.LowStacked, dStacked, dx is null ? null : dNormed);
        if (dx is not null)
        {
            Norm.Backward(
                Matrix.Floats(x), Matrix.Floats(_block.AttentionNorm), kept.Scales.Data, dNormed.Data, dResidual.Data, Matrix.Floats(dx),
                dGain: null, Rows, _hidden);
        }
        return [.. ofQueryKeyValue, .. ofOutput, .. ofGateUp, .. ofDown];
    }

    /// <summary>Attention's results where the result is wanted: [results, heads · head size].</summary>
    private Matrix Attend(Rotation rotation, Kept kept, bool withGradient)
    {
        var picked = kept.Attended.Rows > 0 ? kept.Attended : Take(Workspace.Purpose.PickedAttended, Results, HeadsWidth);
        var all = _picked is null ? picked : Take(Workspace.Purpose.Attended, Rows, HeadsWidth);
        var (query, key, value) = HeadsInMemory.Stacked(kept.Stacked.Data, _tokens, _block.Heads);
        _attends = new CausalAttention(_batch, _tokens, _block.Heads, new Angles(rotation), _attention.Layout);
        _attends.Forward(
            query, key, value, HeadsInMemory.Alone(all.Data, _tokens, _block.Heads), withGradient ? kept.LogTotals.Data : null,
            KeptKeys.Of(_attention.Kept(_block.Layer)));
        if (_picked is not null) Pick(all.Data, picked.Data, HeadsWidth);
        return picked;
    }

    private Matrix FeedForwardNorm(Kept kept)
    {
        var normed = Take(Workspace.Purpose.Normed, Results, _hidden);
        Norm.Forward(
            kept.Residual.Data, Matrix.Floats(_block.FeedForwardNorm), _block.Epsilon, normed.Data, kept.FeedForwardScales.Data, Results,
            _hidden);
        return normed;
    }

    private Matrix Gated(Kept kept)
    {
        var gated = Take(Workspace.Purpose.Gated, Results, _inner);
        GatedUnit.Forward(kept.GateUp.Data, gated.Data, Results, _inner);
        return gated;
    }

    /// <summary>Copies the rows that the result has.</summary>
    private void Pick(float* from, float* to, long width)
    {
        if (_picked is null) VectorMath.Copy(from, to, Rows * width);
        else for (var i = 0; i < _picked.Length; i++) VectorMath.Copy(from + (_picked[i] * width), to + (i * width), width);
    }

    /// <summary>Rows of the result among those of the input, zeros between.</summary>
    private Matrix Spread(Matrix results, Workspace.Purpose purpose)
    {
        if (_picked is null) return results;
        var all = Take(purpose, Rows, results.Columns);
        VectorMath.Clear(all.Data, Rows * all.Columns);
        for (var i = 0; i < _picked.Length; i++)
            VectorMath.Copy(results.Data + (i * all.Columns), all.Data + (_picked[i] * all.Columns), all.Columns);
        return all;
    }

    private static Matrix Take(Workspace.Purpose purpose, long rows, long columns) =>
        new(Workspace.Own.Take(purpose, rows * columns), rows, columns);

    /// <summary>Intermediate results that the backward pass asks for.</summary>
    private sealed class Kept
    {
        public Kept(LlamaBlockPass pass, float* memory)
        {
            var next = new BlockMemory(memory);
            (Normed, Scales) = (next.Next(pass.Rows, pass._hidden), next.Next(pass.Rows, 1));
            (Stacked, LowStacked) = (next.Next(pass.Rows, pass._queryKeyValue.Outputs), next.Next(pass.Rows, pass._queryKeyValue.Rank));
            LogTotals = next.Next(pass.Rows, pass._block.Heads.Heads);
            Attended = next.Next(pass._attentionOutput.Rank > 0 ? pass.Results : 0, pass.HeadsWidth);
            (Residual, LowOutput) = (next.Next(pass.Results, pass._hidden), next.Next(pass.Results, pass._attentionOutput.Rank));
            FeedForwardScales = next.Next(pass.Results, 1);
            (GateUp, LowGateUp) = (next.Next(pass.Results, 2 * pass._inner), next.Next(pass.Results, pass._gateUp.Rank));
            LowDown = next.Next(pass.Results, pass._down.Rank);
            Length = next.Length;
        }

        public long Length { get; }

        /// <summary>The residual stream as the attention reads it, and the scale of each row.</summary>
        public Matrix Normed { get; }

        public Matrix Scales { get; }

        /// <summary>Queries, keys and values, not yet rotated.</summary>
        public Matrix Stacked { get; }

        /// <summary>Logarithms of attention's sums, by head.</summary>
        public Matrix LogTotals { get; }

        /// <summary>What attention gives; empty where no adapter reads it.</summary>
        public Matrix Attended { get; }

        /// <summary>The residual stream between the two halves, and the scale of each row.</summary>
        public Matrix Residual { get; }

        public Matrix FeedForwardScales { get; }

        /// <summary>Gate and up.</summary>
        public Matrix GateUp { get; }

        /// <summary>What the matrices A of a layer's adapters give.</summary>
        public Matrix LowStacked { get; }

        public Matrix LowOutput { get; }

        public Matrix LowGateUp { get; }

        public Matrix LowDown { get; }
    }
}
