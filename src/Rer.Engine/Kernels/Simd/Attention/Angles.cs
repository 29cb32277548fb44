using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Attention;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary>Cosines and sines of a batch's tokens in memory, and the rotation of heads by them.</summary>
internal readonly unsafe struct Angles
{
    private readonly float* _cos;
    private readonly float* _sin;
    private readonly long _rowStride;

    /// <param name="rotation">[batch or 1, tokens, 1, rotated], contiguous; null turns nothing.</param>
    public Angles(Rotation? rotation)
    {
        if (rotation is not var (cos, sin)) return;
        _cos = Matrix.Floats(cos);
        _sin = Matrix.Floats(sin);
        Rotated = cos.size(3);
        _rowStride = cos.size(0) == 1 ? 0 : cos.size(1) * Rotated;
    }

    /// <summary>Elements of a head that turn; the rest pass through.</summary>
    public long Rotated { get; }

    /// <summary>y = factor x, turned by a token's angles; x may be y.</summary>
    /// <param name="x">[size].</param>
    /// <param name="y">[size].</param>
    /// <param name="size">Width of a head.</param>
    /// <param name="row">Row of the batch.</param>
    /// <param name="token">Token of the row.</param>
    /// <param name="factor">Factor of the whole head.</param>
    public void Turn(float* x, float* y, long size, long row, long token, float factor = 1) =>
        Turn(x, y, size, row, token, factor, direction: 1);

    /// <summary>The same, turned back: what <see cref="Turn(float*, float*, long, long, long, float)"/> is to gradients.</summary>
    public void TurnBack(float* x, float* y, long size, long row, long token, float factor = 1) =>
        Turn(x, y, size, row, token, factor, direction: -1);

    private void Turn(float* x, float* y, long size, long row, long token, float factor, float direction)
    {
        var at = (row * _rowStride) + (token * Rotated);
        if (Rotated > 0) TurnHalves(x, y, _cos + at, _sin + at, Rotated / 2, direction, factor);
        if (Rotated < size) VectorMath.Scale(x + Rotated, factor, y + Rotated, size - Rotated);
    }

    /// <summary>(x1 cos - x2 sin, x2 cos + x1 sin) over the halves of the part that turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnHalves(float* x, float* y, float* cos, float* sin, long half, float direction, float factor)
    {
        long i = 0;
        var (factors, directions) = (Vector512.Create(factor), Vector512.Create(direction));
        for (; i + Lanes <= half; i += Lanes)
        {
            Vector512<float> first = Vector512.Load(x + i) * factors, second = Vector512.Load(x + half + i) * factors;
            Vector512<float> c = Vector512.Load(cos + i), s = Vector512.Load(sin + i) * directions;
            ((first * c) - (second * s)).Store(y + i);
            ((second * c) + (first * s)).Store(y + half + i);
        }
        var (fewFactors, fewDirections) = (Vector128.Create(factor), Vector128.Create(direction));
        for (; i + 4 <= half; i += 4)
        {
            Vector128<float> first = Vector128.Load(x + i) * fewFactors, second = Vector128.Load(x + half + i) * fewFactors;
            Vector128<float> c = Vector128.Load(cos + i), s = Vector128.Load(sin + i) * fewDirections;
            ((first * c) - (second * s)).Store(y + i);
            ((second * c) + (first * s)).Store(y + half + i);
        }
        for (; i < half; i++)
        {
            float first = x[i] * factor, second = x[half + i] * factor, s = direction * sin[i];
            y[i] = (first * cos[i]) - (second * s);
            y[half + i] = (second * cos[i]) + (first * s);
        }
    }
}
