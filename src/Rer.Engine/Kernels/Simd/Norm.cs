using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd;

/// <summary>Root-mean-square normalisation of rows: `y = s x · gain` with `s = 1 / sqrt(mean(x²) + epsilon)`, and its gradients.</summary>
internal static unsafe class Norm
{
    // Rows whose gradients of the gain are added up together: the order of that sum must not depend on the threads.
    private const long Block = 64;

    /// <summary>Normalises rows.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y">[rows, width].</param>
    /// <param name="scales">[rows], takes each row's s; null where it is not wanted.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Width.</param>
    public static void Forward(float* x, float* gain, double epsilon, float* y, float* scales, long rows, long width) =>
        ThreadTeam.For(rows, width, (begin, end) =>
        {
            for (var row = begin; row < end; row++)
            {
                var scale = Row(x + (row * width), gain, (float)epsilon, y + (row * width), width);
                if (scales != null) scales[row] = scale;
            }
        });

    /// <summary>Gradients of the input and, where asked for, of the gain.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="scales">From <see cref="Forward"/>.</param>
    /// <param name="dy">The gradient of y, [rows, width].</param>
    /// <param name="residual">[rows, width] to be added to dx: the gradient that goes past the norm; null for none.</param>
    /// <param name="dx">[rows, width]; may be <paramref name="dy"/>.</param>
    /// <param name="dGain">[width], added to; null where it is not wanted.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Width.</param>
    public static void Backward(float* x, float* gain, float* scales, float* dy, float* residual, float* dx, float* dGain, long rows,
        long width)
    {
        var blocks = (rows + Block - 1) / Block;
        var sums = dGain == null ? null : Workspace.Own.Take(Workspace.Purpose.Normed, blocks * width);
        VectorMath.Clear(sums, dGain == null ? 0 : blocks * width);
        ThreadTeam.For(blocks, Block * width, (begin, end) =>
        {
            for (var row = begin * Block; row < Math.Min(rows, end * Block); row++)
            {
                var at = row * width;
                if (sums != null) AddGainGradient(x + at, dy + at, scales[row], sums + (row / Block * width), width);
                RowGradient(x + at, gain, scales[row], dy + at, residual == null ? null : residual + at, dx + at, width);
            }
        });
        for (var block = 0; block < (dGain == null ? 0 : blocks); block++) VectorMath.Add(sums + (block * width), 1, dGain, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Row(float* x, float* gain, float epsilon, float* y, long width)
    {
        var scale = 1f / MathF.Sqrt((Dot(x, x, width) / width) + epsilon);
        var scales = Vector512.Create(scale);
        long i = 0;
        for (; i + Lanes <= width; i += Lanes) (Vector512.Load(x + i) * scales * Vector512.Load(gain + i)).Store(y + i);
        for (; i < width; i++) y[i] = x[i] * scale * gain[i];
        return scale;
    }

    /// <summary>`dx = s (dy gain - x s² mean(dy gain x))`.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowGradient(float* x, float* gain, float scale, float* dy, float* residual, float* dx, long width)
    {
        var sums = Vector512<float>.Zero;
        long i = 0;
        for (; i + Lanes <= width; i += Lanes)
            sums = Vector512.FusedMultiplyAdd(Vector512.Load(dy + i) * Vector512.Load(gain + i), Vector512.Load(x + i), sums);
        var sum = Vector512.Sum(sums);
        for (; i < width; i++) sum += dy[i] * gain[i] * x[i];
        var mean = sum * scale * scale / width;
        var (means, scales) = (Vector512.Create(-mean), Vector512.Create(scale));
        for (i = 0; i + Lanes <= width; i += Lanes)
        {
            var d = scales * Vector512.FusedMultiplyAdd(Vector512.Load(x + i), means, Vector512.Load(dy + i) * Vector512.Load(gain + i));
            (residual == null ? d : d + Vector512.Load(residual + i)).Store(dx + i);
        }
        for (; i < width; i++) dx[i] = (scale * ((dy[i] * gain[i]) - (x[i] * mean))) + (residual == null ? 0 : residual[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGainGradient(float* x, float* dy, float scale, float* sum, long width)
    {
        var scales = Vector512.Create(scale);
        long i = 0;
        for (; i + Lanes <= width; i += Lanes)
            Vector512.FusedMultiplyAdd(Vector512.Load(dy + i) * Vector512.Load(x + i), scales, Vector512.Load(sum + i)).Store(sum + i);
        for (; i < width; i++) sum[i] += dy[i] * x[i] * scale;
    }
}
