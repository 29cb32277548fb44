using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>Four running sums of products of one row. The compiler keeps each in a register.</summary>
internal struct FourSums
{
    private Vector512<float> _0, _1, _2, _3;

    /// <summary>Each sum plus x times the element that belongs to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly FourSums Plus(Vector512<float> x, Vector512<float> w0, Vector512<float> w1, Vector512<float> w2, Vector512<float> w3) =>
        new()
        {
            _0 = Vector512.FusedMultiplyAdd(x, w0, _0),
            _1 = Vector512.FusedMultiplyAdd(x, w1, _1),
            _2 = Vector512.FusedMultiplyAdd(x, w2, _2),
            _3 = Vector512.FusedMultiplyAdd(x, w3, _3),
        };

    /// <summary>The total of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<float> Totals()
    {
        // Four rows of four are turned into their columns, which are then added.
        Vector128<float> a = Folded(_0), b = Folded(_1), c = Folded(_2), d = Folded(_3);
        Vector128<float> low = InterleaveLow(a, c), lowOther = InterleaveLow(b, d), high = InterleaveHigh(a, c),
            highOther = InterleaveHigh(b, d);
        return InterleaveLow(low, lowOther) + InterleaveHigh(low, lowOther)
            + (InterleaveLow(high, highOther) + InterleaveHigh(high, highOther));
    }

    private static Vector128<float> Folded(Vector512<float> x)
    {
        var half = x.GetLower() + x.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}

/// <summary>Two neighbouring vectors of a row of a product.</summary>
internal unsafe struct TwoVectors
{
    private Vector512<float> _0, _1;

    /// <summary>Loads thirty-two elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoVectors Load(float* x) => new() { _0 = Vector512.Load(x), _1 = Vector512.Load(x + Lanes) };

    /// <summary>Both plus a times b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TwoVectors Plus(float a, TwoVectors b)
    {
        var all = Vector512.Create(a);
        return new() { _0 = Vector512.FusedMultiplyAdd(all, b._0, _0), _1 = Vector512.FusedMultiplyAdd(all, b._1, _1) };
    }

    /// <summary>Stores thirty-two elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* x)
    {
        _0.Store(x);
        _1.Store(x + Lanes);
    }
}
