using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Rer.Engine.Kernels.Simd.VectorMath;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>
/// Products of matrices that stay in the cache, as attention has them between a few queries and their keys: a call to BLAS would cost more.
/// </summary>
internal static unsafe class SmallProduct
{
    /// <summary>c = a b, or c + a b.</summary>
    /// <param name="a">[rows, depth] of any strides, so that a transposed matrix needs no copy.</param>
    /// <param name="aRow">From a row of a to the next.</param>
    /// <param name="aColumn">From a column of a to the next.</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="bRow">From a row of b to the next.</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="cRow">From a row of c to the next.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">A whole number of <see cref="Lanes"/>.</param>
    /// <param name="depth">Terms of each sum.</param>
    /// <param name="add">Whether c's former elements count.</param>
    public static void Multiply(
        float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, long rows, long columns, long depth, bool add)
    {
        long column = 0;
        // Eight vectors of sums: AVX-512 has the registers for two a row, AVX2 for one.
        if (Vector512.IsHardwareAccelerated)
        {
            for (; column + (2 * Lanes) <= columns; column += 2 * Lanes)
            {
                for (long row = 0; row < rows; row += 4)
                    Wide(a + (row * aRow), aRow, aColumn, b + column, bRow, c + (row * cRow) + column, cRow, rows - row, depth, add);
            }
        }
        for (; column < columns; column += Lanes)
        {
            for (long row = 0; row < rows; row += 4)
                Narrow(a + (row * aRow), aRow, aColumn, b + column, bRow, c + (row * cRow) + column, cRow, rows - row, depth, add);
        }
    }

    // Four rows. Where fewer are left the last stands in for those that are missing: it is computed again, to the same bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, long rows, long depth, bool add)
    {
        long r1 = Math.Min(1, rows - 1), r2 = Math.Min(2, rows - 1), r3 = Math.Min(3, rows - 1);
        float* a1 = a + (r1 * aRow), a2 = a + (r2 * aRow), a3 = a + (r3 * aRow);
        float* c1 = c + (r1 * cRow), c2 = c + (r2 * cRow), c3 = c + (r3 * cRow);
        TwoVectors s0 = default, s1 = default, s2 = default, s3 = default;
        if (add) (s0, s1, s2, s3) = (TwoVectors.Load(c), TwoVectors.Load(c1), TwoVectors.Load(c2), TwoVectors.Load(c3));
        for (long k = 0, at = 0; k < depth; k++, at += aColumn, b += bRow)
        {
            var row = TwoVectors.Load(b);
            s0 = s0.Plus(a[at], row);
            s1 = s1.Plus(a1[at], row);
            s2 = s2.Plus(a2[at], row);
            s3 = s3.Plus(a3[at], row);
        }
        s0.Store(c);
        s1.Store(c1);
        s2.Store(c2);
        s3.Store(c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, long rows, long depth, bool add)
    {
        long r1 = Math.Min(1, rows - 1), r2 = Math.Min(2, rows - 1), r3 = Math.Min(3, rows - 1);
        float* a1 = a + (r1 * aRow), a2 = a + (r2 * aRow), a3 = a + (r3 * aRow);
        float* c1 = c + (r1 * cRow), c2 = c + (r2 * cRow), c3 = c + (r3 * cRow);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        if (add) (s0, s1, s2, s3) = (Vector512.Load(c), Vector512.Load(c1), Vector512.Load(c2), Vector512.Load(c3));
        for (long k = 0, at = 0; k < depth; k++, at += aColumn, b += bRow)
        {
            var row = Vector512.Load(b);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[at]), row, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(a1[at]), row, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(a2[at]), row, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[at]), row, s3);
        }
        s0.Store(c);
        s1.Store(c1);
        s2.Store(c2);
        s3.Store(c3);
    }
}
