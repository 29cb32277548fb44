using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rer.Engine.Kernels.Simd.Products;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Attention;

internal sealed unsafe partial class CausalAttention
{
    /// <summary>Gradients of queries, keys and values. The weights are worked out again from the logarithms of their sums.</summary>
    /// <param name="query">Queries, not yet rotated.</param>
    /// <param name="key">Keys, not yet rotated.</param>
    /// <param name="value">Values.</param>
    /// <param name="dOutput">The gradient of the results.</param>
    /// <param name="logTotals">From the forward pass.</param>
    /// <param name="dQuery">Takes the gradient of the queries.</param>
    /// <param name="dKey">Takes the gradient of the keys.</param>
    /// <param name="dValue">Takes the gradient of the values.</param>
    public void Backward(
        HeadsInMemory query, HeadsInMemory key, HeadsInMemory value, HeadsInMemory dOutput, float* logTotals,
        HeadsInMemory dQuery, HeadsInMemory dKey, HeadsInMemory dValue) => ThreadTeam.For(Pieces, 3 * Work, (begin, end) =>
    {
        for (var piece = begin; piece < end; piece++)
            Backward(_sequences[piece / _heads.KeyValueHeads], piece % _heads.KeyValueHeads, query, key, value, dOutput, logTotals, dQuery,
                dKey, dValue);
    });

    private void Backward(
        Sequence sequence, long keyHead, HeadsInMemory query, HeadsInMemory key, HeadsInMemory value, HeadsInMemory dOutput,
        float* logTotals,
        HeadsInMemory dQuery, HeadsInMemory dKey, HeadsInMemory dValue)
    {
        var room = Workspace.Own;
        var (tokens, along, size) = (sequence.Tokens, Padded(sequence.Tokens), _heads.Size);
        float* queries = room.Take(Workspace.Purpose.Queries, tokens * _width),
            keyRows = room.Take(Workspace.Purpose.KeyRows, tokens * _width);
        float* keys = room.Take(Workspace.Purpose.KeyColumns, size * along),
            values = room.Take(Workspace.Purpose.ValueColumns, size * along);
        float* weights = room.Take(Workspace.Purpose.Scores, Queries * along),
            dWeights = room.Take(Workspace.Purpose.ScoreGradients, Queries * along);
        float* keySums = room.Take(Workspace.Purpose.KeyGradients, tokens * _width),
            valueSums = room.Take(Workspace.Purpose.ValueGradients, tokens * _width);
        var mixed = room.Take(Workspace.Purpose.Mixed, Queries * _width);
        TurnInto(key, keyHead, sequence, 1, keyRows);
        Transpose(keyRows, _width, tokens, size, keys, along);
        Transpose(value.At(sequence.Row, sequence.Begin, keyHead), value.TokenStride, tokens, size, values, along);
        VectorMath.Clear(keySums, tokens * _width);
        VectorMath.Clear(valueSums, tokens * _width);
        for (var head = keyHead * _heads.Group; head < (keyHead + 1) * _heads.Group; head++)
        {
            TurnInto(query, head, sequence, (float)_heads.Scale, queries);
            var given = Rows(dOutput, head, sequence, Workspace.Purpose.OutputGradients, out var stride);
            for (long start = 0; start < tokens; start += Queries)
            {
                long count = Math.Min(Queries, tokens - start), reach = Padded(start + count), lowest = Lowest(sequence, start);
                var depth = Math.Min(tokens, reach) - lowest;
                float* q = queries + (start * _width), g = given + (start * stride), w = weights + lowest, dw = dWeights + lowest;
                SmallProduct.Multiply(q, _width, 1, keys + lowest, along, w, along, count, reach - lowest, size, add: false);
                SmallProduct.Multiply(g, stride, 1, values + lowest, along, dw, along, count, reach - lowest, size, add: false);
                for (var t = start; t < start + count; t++)
                {
                    var at = (t - start) * along;
                    var logTotal = logTotals[(Place(sequence, t) * _heads.Heads) + head];
                    SoftmaxGradient(weights + at, dWeights + at, HiddenFrom(sequence, t), logTotal, lowest, First(sequence, t), t + 1,
                        reach);
                }
                // dV += Pᵀ dO, dK += dSᵀ Q, dQ = dS K.
                SmallProduct.Multiply(w, 1, along, g, stride, valueSums + (lowest * _width), _width, depth, _width, count, add: true);
                SmallProduct.Multiply(dw, 1, along, q, _width, keySums + (lowest * _width), _width, depth, _width, count, add: true);
                SmallProduct.Multiply(dw, along, 1, keyRows + (lowest * _width), _width, mixed, _width, count, _width, depth, add: false);
                for (long t = 0; t < count; t++) TurnBack(mixed + (t * _width), (float)_heads.Scale, dQuery, sequence, start + t, head);
            }
        }
        for (long t = 0; t < tokens; t++)
        {
            TurnBack(keySums + (t * _width), 1, dKey, sequence, t, keyHead);
            VectorMath.Copy(valueSums + (t * _width), dValue.At(sequence.Row, sequence.Begin + t, keyHead), size);
        }
    }

    private void TurnBack(float* row, float factor, HeadsInMemory target, Sequence sequence, long t, long head) =>
        _angles.TurnBack(row, target.At(sequence.Row, sequence.Begin + t, head), _heads.Size, sequence.Row, sequence.Begin + t, factor);

    /// <summary>Scores become weights, and the weights' gradients the scores': `p (dp - Σ p dp)`.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxGradient(float* scores, float* gradients, float* hidden, float logTotal, long lowest, long from, long to,
        long reach)
    {
        HideBeyond(scores, hidden, lowest, from, to, reach);
        float* weights = scores + lowest, slopes = gradients + lowest;
        var length = reach - lowest;
        Exponentials(weights, weights, length, logTotal, 1);
        var sums = Vector512.Create(Dot(weights, slopes, length));
        for (long i = 0; i < length; i += Lanes) (Vector512.Load(weights + i) * (Vector512.Load(slopes + i) - sums)).Store(slopes + i);
    }
}
