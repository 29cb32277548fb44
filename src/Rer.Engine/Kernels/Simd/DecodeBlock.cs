using Rer.Engine.Kernels.Simd.Attention;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd;

/// <summary>A Llama's block over one token a row, without a gradient: its few products read each weight once.</summary>
internal static unsafe class DecodeBlock
{
    /// <summary>The block; null where adapters act beside the weights, or heads are normalised.</summary>
    /// <param name="block">Weights and shape.</param>
    /// <param name="x">[rows, 1, hidden], contiguous.</param>
    /// <param name="rotation">Of the rows' tokens.</param>
    /// <param name="attention">The cache.</param>
    /// <returns>[rows, 1, hidden].</returns>
    public static Tensor? Run(LlamaBlock block, Tensor x, Rotation rotation, DecodeAttention attention)
    {
        Projection[] layers = [block.QueryKeyValue, block.AttentionOutput, block.GateUp, block.Down];
        if (block.QueryNorm is not null || layers.Any(layer => layer.Adapters.Count > 0)) return null;
        var (rows, hidden, inner) = (x.size(0), x.size(2), block.Down.Inputs);
        var (heads, room, cache) = (block.Heads, Workspace.Own, attention.Cached(block.Layer));
        var y = Matrix.New(rows, 1, hidden);
        float* input = Matrix.Floats(x), residual = Matrix.Floats(y), normed = room.Take(Workspace.Purpose.Normed, rows * hidden);
        float* stacked = room.Take(Workspace.Purpose.Stacked, rows * heads.Stacked),
            gateUp = room.Take(Workspace.Purpose.GateUp, rows * 2 * inner);
        float* attended = room.Take(Workspace.Purpose.Attended, rows * heads.Heads * heads.Size),
            gated = room.Take(Workspace.Purpose.Gated, rows * inner);

        Norm.Forward(input, Matrix.Floats(block.AttentionNorm), block.Epsilon, normed, null, rows, hidden);
        Linear(block.QueryKeyValue, normed, rows, null, stacked);
        CachedAttention.Forward(
            stacked, rows, heads, new Angles(rotation), Matrix.Floats(cache.Keys), Matrix.Floats(cache.Values), cache.Keys.size(2),
            Matrix.Integers(attention.Starts), attention.Filled, attended);
        Linear(block.AttentionOutput, attended, rows, input, residual);

        Norm.Forward(residual, Matrix.Floats(block.FeedForwardNorm), block.Epsilon, normed, null, rows, hidden);
        Linear(block.GateUp, normed, rows, null, gateUp);
        GatedUnit.Forward(gateUp, gated, rows, inner);
        Linear(block.Down, gated, rows, residual, residual);
        return y;
    }

    /// <summary>y = residual + bias + x weightᵀ; the residual may be y.</summary>
    private static void Linear(Projection layer, float* x, long rows, float* residual, float* y)
    {
        var (outputs, inputs) = (layer.Weight.size(0), layer.Inputs);
        var few = rows <= FewRows.Most || !Blas.IsReachable;
        var bias = layer.Bias is null ? null : Matrix.Floats(layer.Bias);
        if (few && (residual == null || bias == null))
        {
            FewRows.Linear(x, rows, Matrix.Floats(layer.Weight), residual == null ? bias : residual, residual == null ? 0 : outputs, y,
                outputs, inputs);
            return;
        }
        for (long row = 0; row < rows; row++)
        {
            var to = y + (row * outputs);
            if (residual == null) VectorMath.Clear(to, outputs);
            else if (residual != y) VectorMath.Copy(residual + (row * outputs), to, outputs);
            if (bias != null) VectorMath.Add(bias, 1, to, outputs);
        }
        if (few) FewRows.Linear(x, rows, Matrix.Floats(layer.Weight), y, outputs, y, outputs, inputs);
        else Blas.Multiply(new Matrix(x, rows, inputs), Matrix.Of(layer.Weight).T, new Matrix(y, rows, outputs), beta: 1);
    }
}
