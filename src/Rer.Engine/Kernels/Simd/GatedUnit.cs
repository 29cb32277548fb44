using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd;

/// <summary>`silu(gate) · up` of rows in which gate and up lie side by side, and its gradient.</summary>
internal static unsafe class GatedUnit
{
    /// <param name="stacked">[rows, 2 · width].</param>
    /// <param name="y">[rows, width].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Width of the result.</param>
    public static void Forward(float* stacked, float* y, long rows, long width) => ThreadTeam.For(rows, width, (begin, end) =>
    {
        for (var row = begin; row < end; row++) Row(stacked + (2 * row * width), y + (row * width), width);
    });

    /// <param name="stacked">[rows, 2 · width].</param>
    /// <param name="dy">The gradient of the result, [rows, width].</param>
    /// <param name="dStacked">The gradient of <paramref name="stacked"/>.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Width of the result.</param>
    public static void Backward(float* stacked, float* dy, float* dStacked, long rows, long width) =>
        ThreadTeam.For(rows, width, (begin, end) =>
    {
        for (var row = begin; row < end; row++)
            RowGradient(stacked + (2 * row * width), dy + (row * width), dStacked + (2 * row * width), width);
    });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(float* gate, float* y, long width)
    {
        var up = gate + width;
        long i = 0;
        for (; i + Lanes <= width; i += Lanes)
        {
            var g = Vector512.Load(gate + i);
            (g * Sigmoid(g) * Vector512.Load(up + i)).Store(y + i);
        }
        for (; i < width; i++) y[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowGradient(float* gate, float* dy, float* dGate, long width)
    {
        float* up = gate + width, dUp = dGate + width;
        long i = 0;
        for (; i + Lanes <= width; i += Lanes)
        {
            Vector512<float> g = Vector512.Load(gate + i), d = Vector512.Load(dy + i), sigmoid = Sigmoid(g), silu = g * sigmoid;
            // d silu = sigmoid + silu (1 - sigmoid).
            (d * Vector512.Load(up + i) * Vector512.FusedMultiplyAdd(silu, Vector512<float>.One - sigmoid, sigmoid)).Store(dGate + i);
            (d * silu).Store(dUp + i);
        }
        for (; i < width; i++)
        {
            float sigmoid = 1 / (1 + MathF.Exp(-gate[i])), silu = gate[i] * sigmoid, d = dy[i];
            dGate[i] = d * up[i] * (sigmoid + (silu * (1 - sigmoid)));
            dUp[i] = d * silu;
        }
    }
}
