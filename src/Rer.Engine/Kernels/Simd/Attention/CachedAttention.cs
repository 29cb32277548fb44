using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rer.Engine.Kernels.Simd.Products;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary>Attention of one token a row against a key-value cache in memory.</summary>
internal static unsafe class CachedAttention
{
    /// <summary>Writes each row's key and value behind the filled positions and attends from the row's start to them.</summary>
    /// <param name="stacked">[rows, (heads + 2 key-value heads) · size]: query, key, value, not yet rotated.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="heads">How a row divides.</param>
    /// <param name="angles">Of the rows' tokens.</param>
    /// <param name="keys">[rows, key-value heads, capacity, size].</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    /// <param name="capacity">Positions that a head has room for.</param>
    /// <param name="starts">[rows]: the first place that is not padding.</param>
    /// <param name="filled">Positions that hold earlier tokens.</param>
    /// <param name="output">[rows, heads · size].</param>
    public static void Forward(
        float* stacked, long rows, HeadShape heads, Angles angles, float* keys, float* values, long capacity, long* starts, long filled,
        float* output)
    {
        var to = filled + 1;
        ThreadTeam.For(rows * heads.KeyValueHeads, to * heads.Size * heads.Group / 4, (begin, end) =>
        {
            var room = Workspace.Own;
            float* scores = room.Take(Workspace.Purpose.Scores, to), query = room.Take(Workspace.Purpose.Queries, heads.Size);
            for (var piece = begin; piece < end; piece++)
            {
                var (row, keyHead) = (piece / heads.KeyValueHeads, piece % heads.KeyValueHeads);
                float* token = stacked + (row * heads.Stacked), key = token + ((heads.Heads + keyHead) * heads.Size);
                float* ownKeys = keys + (piece * capacity * heads.Size), ownValues = values + (piece * capacity * heads.Size);
                angles.Turn(key, ownKeys + (filled * heads.Size), heads.Size, row, 0);
                VectorMath.Copy(key + ((long)heads.KeyValueHeads * heads.Size), ownValues + (filled * heads.Size), heads.Size);
                var from = Math.Max(starts[row], to - (heads.Window ?? to));
                for (var head = keyHead * heads.Group; head < (keyHead + 1) * heads.Group; head++)
                {
                    angles.Turn(token + (head * heads.Size), query, heads.Size, row, 0, (float)heads.Scale);
                    Attend(query, ownKeys, ownValues, scores, output + (((row * heads.Heads) + head) * heads.Size), from, to, heads.Size);
                }
            }
        });
    }

    private static void Attend(float* query, float* keys, float* values, float* scores, float* output, long from, long to, long size)
    {
        for (var place = from; place < to; place++) scores[place] = Dot(query, keys + (place * size), size);
        var total = Exponentials(scores + from, scores + from, to - from, Largest(scores + from, to - from), 1);
        Mix(scores, values, output, from, to, size, 1 / total);
    }

    /// <summary>output = factor Σ weight value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* weights, float* values, float* output, long from, long to, long size, float factor)
    {
        long i = 0;
        for (; i + (2 * Lanes) <= size; i += 2 * Lanes)
        {
            TwoVectors sums = default;
            for (var place = from; place < to; place++) sums = sums.Plus(weights[place], TwoVectors.Load(values + (place * size) + i));
            sums.Store(output + i);
        }
        for (; i + Lanes <= size; i += Lanes)
        {
            Vector512<float> sums = default;
            for (var place = from; place < to; place++)
                sums = Vector512.FusedMultiplyAdd(Vector512.Create(weights[place]), Vector512.Load(values + (place * size) + i), sums);
            sums.Store(output + i);
        }
        for (; i < size; i++)
        {
            var sum = 0f;
            for (var place = from; place < to; place++) sum += weights[place] * values[(place * size) + i];
            output[i] = sum;
        }
        VectorMath.Scale(output, factor, output, size);
    }
}
