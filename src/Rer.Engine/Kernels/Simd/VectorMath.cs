using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Rer.Engine.Kernels.Simd;

/// <summary>
/// Loops over rows of floats, sixteen at a time: one register of AVX-512, two of AVX2, four of Arm. A sum's order depends on the row's
/// length alone.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>Elements of a vector.</summary>
    public const int Lanes = 16;

    /// <summary>A whole number of vectors.</summary>
    public static long Padded(long length) => (length + Lanes - 1) / Lanes * Lanes;

    /// <summary>
    /// e^x to 2 units in the last place for x up to 88; what would be below the smallest normal number comes out as that. The polynomial is
    /// Moshier's (Cephes).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.MaxNative(x, Vector512.Create(-87.33654f));
        x = Vector512.MinNative(x, Vector512.Create(88.3762626f));
        // Adding 1.5 · 2^23 leaves the nearest whole number in the low bits.
        var shift = Vector512.Create(12582912f);
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504088896341f), shift);
        var whole = shifted - shift;
        // ln 2 in two parts, so that the rest is exact.
        var rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-0.693359375f), x);
        rest = Vector512.FusedMultiplyAdd(whole, Vector512.Create(2.12194440e-4f), rest);
        var power = Vector512.Create(1.9875691500e-4f);
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(1.3981999507e-3f));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(8.3334519073e-3f));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(4.1665795894e-2f));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(1.6666665459e-1f));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(5.0000001201e-1f));
        power = Vector512.FusedMultiplyAdd(power * rest, rest, rest + Vector512<float>.One);
        return power * Vector512.ShiftLeft(shifted.AsInt32() + Vector512.Create(127), 23).AsSingle();
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>Σ a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* a, float* b, long length)
    {
        var sums = Vector512<float>.Zero;
        long i = 0;
        for (; i + Lanes <= length; i += Lanes) sums = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sums);
        var sum = Vector512.Sum(sums);
        for (; i < length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>y += factor x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* x, float factor, float* y, long length)
    {
        var factors = Vector512.Create(factor);
        long i = 0;
        for (; i + Lanes <= length; i += Lanes)
            Vector512.FusedMultiplyAdd(factors, Vector512.Load(x + i), Vector512.Load(y + i)).Store(y + i);
        for (; i < length; i++) y[i] += factor * x[i];
    }

    /// <summary>y = factor x; x may be y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, float factor, float* y, long length)
    {
        var factors = Vector512.Create(factor);
        long i = 0;
        for (; i + Lanes <= length; i += Lanes) (Vector512.Load(x + i) * factors).Store(y + i);
        for (; i < length; i++) y[i] = x[i] * factor;
    }

    /// <summary>The largest element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(float* x, long length)
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        long i = 0;
        for (; i + Lanes <= length; i += Lanes) largest = Vector512.MaxNative(largest, Vector512.Load(x + i));
        if (i < length) largest = Vector512.MaxNative(largest, LoadTail(x + i, length - i, float.NegativeInfinity));
        var half = Vector256.MaxNative(largest.GetLower(), largest.GetUpper());
        var quarter = Vector128.MaxNative(half.GetLower(), half.GetUpper());
        return MathF.Max(MathF.Max(quarter[0], quarter[1]), MathF.Max(quarter[2], quarter[3]));
    }

    /// <summary>y = e^((x - shift) factor), and 0 where that is below e^-87; x may be y.</summary>
    /// <returns>Σ y.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Exponentials(float* x, float* y, long length, float shift, float factor)
    {
        var (shifts, factors, lowest) = (Vector512.Create(shift), Vector512.Create(factor), Vector512.Create(-87f));
        var total = Vector512<float>.Zero;
        for (long i = 0; i < length; i += Lanes)
        {
            var whole = i + Lanes <= length;
            var power = ((whole ? Vector512.Load(x + i) : LoadTail(x + i, length - i, float.NegativeInfinity)) - shifts) * factors;
            var result = Vector512.ConditionalSelect(Vector512.LessThan(power, lowest), Vector512<float>.Zero, Exp(power));
            total += result;
            if (whole) result.Store(y + i);
            else StoreTail(result, y + i, length - i);
        }
        return Vector512.Sum(total);
    }

    /// <summary>The first elements of a vector, the rest a filler.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vector512<float> LoadTail(float* x, long count, float filler)
    {
        var all = stackalloc float[Lanes];
        for (var i = 0; i < Lanes; i++) all[i] = i < count ? x[i] : filler;
        return Vector512.Load(all);
    }

    /// <summary>Stores a vector's first elements.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StoreTail(Vector512<float> x, float* y, long count)
    {
        var all = stackalloc float[Lanes];
        x.Store(all);
        for (var i = 0; i < count; i++) y[i] = all[i];
    }

    /// <summary>Zeros.</summary>
    public static void Clear(float* x, long length)
    {
        if (length > 0) new Span<float>(x, checked((int)length)).Clear();
    }

    /// <summary>A copy.</summary>
    public static void Copy(float* from, float* to, long length) =>
        Buffer.MemoryCopy(from, to, sizeof(float) * length, sizeof(float) * length);

    /// <summary>a0 b0 a1 b1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    /// <summary>a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
