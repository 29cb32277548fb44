using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>
/// Products of few rows by every weight of a layer, as decoding has them: each weight is read once, as it lies. A row's result does
/// not depend on the other rows.
/// </summary>
internal static unsafe class FewRows
{
    /// <summary>Rows up to which this is faster than BLAS.</summary>
    public const int Most = 24;

    /// <summary>y = x weightᵀ + offset.</summary>
    /// <param name="x">[rows, inputs], contiguous.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="weight">[outputs, inputs], contiguous.</param>
    /// <param name="offset">[outputs] or [rows, outputs]; null for none; may be <paramref name="y"/>.</param>
    /// <param name="offsetStride">From a row of the offset to the next; 0 where all rows have one.</param>
    /// <param name="y">[rows, outputs], contiguous.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="inputs">Inputs.</param>
    public static void Linear(float* x, long rows, float* weight, float* offset, long offsetStride, float* y, long outputs, long inputs) =>
        ThreadTeam.For((outputs + 3) / 4, 4 * rows * inputs / 16, (begin, end) =>
        {
            for (var output = begin * 4; output < Math.Min(outputs, end * 4); output += 4)
            {
                float* w = weight + (output * inputs), o = offset == null ? null : offset + output, to = y + output;
                if (output + 4 <= outputs) FourOutputs(x, rows, w, o, offsetStride, to, outputs, inputs);
                else LastOutputs(x, rows, w, o, offsetStride, to, outputs, inputs, outputs - output);
            }
        });

    private static void FourOutputs(float* x, long rows, float* w, float* offset, long offsetStride, float* y, long stride, long inputs)
    {
        long row = 0;
        // Four rows at a time take twenty-one registers: AVX-512 has them.
        if (Vector512.IsHardwareAccelerated)
        {
            for (; row + 1 < rows; row += 4)
                FourRows(x + (row * inputs), w, offset == null ? null : offset + (row * offsetStride), offsetStride, y + (row * stride),
                    stride, inputs, rows - row);
        }
        for (; row < rows; row++)
            OneRow(x + (row * inputs), w, offset == null ? null : offset + (row * offsetStride), y + (row * stride), inputs);
    }

    // Where fewer than four rows are left the last stands in for those that are missing: it is computed again, and not stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(float* x, float* w, float* offset, long offsetStride, float* y, long stride, long inputs, long rows)
    {
        FourSums s0 = default, s1 = default, s2 = default, s3 = default;
        float* w1 = w + inputs, w2 = w1 + inputs, w3 = w2 + inputs, next = w3 + inputs;
        long r1 = Math.Min(1, rows - 1), r2 = Math.Min(2, rows - 1), r3 = Math.Min(3, rows - 1);
        float* x1 = x + (r1 * inputs), x2 = x + (r2 * inputs), x3 = x + (r3 * inputs);
        long i = 0;
        for (; i + Lanes <= inputs; i += Lanes)
        {
            Prefetch(next + i);
            Prefetch(next + inputs + i);
            Prefetch(next + (2 * inputs) + i);
            Prefetch(next + (3 * inputs) + i);
            Vector512<float> v0 = Vector512.Load(w + i), v1 = Vector512.Load(w1 + i), v2 = Vector512.Load(w2 + i),
                v3 = Vector512.Load(w3 + i);
            s0 = s0.Plus(Vector512.Load(x + i), v0, v1, v2, v3);
            s1 = s1.Plus(Vector512.Load(x1 + i), v0, v1, v2, v3);
            s2 = s2.Plus(Vector512.Load(x2 + i), v0, v1, v2, v3);
            s3 = s3.Plus(Vector512.Load(x3 + i), v0, v1, v2, v3);
        }
        Finish(s0, x, w, i, offset, y, inputs);
        Finish(s1, x1, w, i, offset == null ? null : offset + (r1 * offsetStride), y + (r1 * stride), inputs);
        if (rows > 2) Finish(s2, x2, w, i, offset == null ? null : offset + (r2 * offsetStride), y + (r2 * stride), inputs);
        if (rows > 3) Finish(s3, x3, w, i, offset == null ? null : offset + (r3 * offsetStride), y + (r3 * stride), inputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(float* x, float* w, float* offset, float* y, long inputs)
    {
        FourSums sums = default;
        float* w1 = w + inputs, w2 = w1 + inputs, w3 = w2 + inputs;
        long i = 0;
        for (; i + Lanes <= inputs; i += Lanes)
            sums = sums.Plus(Vector512.Load(x + i), Vector512.Load(w + i), Vector512.Load(w1 + i), Vector512.Load(w2 + i),
                Vector512.Load(w3 + i));
        Finish(sums, x, w, i, offset, y, inputs);
    }

    /// <summary>Adds up, adds what is left of the inputs from one on, and the offset.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(FourSums sums, float* x, float* w, long from, float* offset, float* y, long inputs)
    {
        var totals = sums.Totals();
        for (var i = from; i < inputs; i++)
            totals += Vector128.Create(x[i]) * Vector128.Create(w[i], w[inputs + i], w[(2 * inputs) + i], w[(3 * inputs) + i]);
        if (offset != null) totals += Vector128.Load(offset);
        totals.Store(y);
    }

    private static void LastOutputs(float* x, long rows, float* w, float* offset, long offsetStride, float* y, long stride, long inputs,
        long outputs)
    {
        for (long row = 0; row < rows; row++)
        {
            for (long output = 0; output < outputs; output++)
            {
                var sum = Dot(x + (row * inputs), w + (output * inputs), inputs);
                y[(row * stride) + output] = offset == null ? sum : sum + offset[(row * offsetStride) + output];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }
}
