namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>Matrix products by the BLAS within libtorch, straight into memory.</summary>
internal static unsafe class Blas
{
    /// <summary>Whether it can be reached.</summary>
    public static bool IsReachable => LibtorchSymbols.Sgemm != null;

    /// <summary>c = beta c + alpha a b.</summary>
    /// <param name="a">[rows, depth].</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="c">[rows, columns], stored row by row.</param>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="beta">Factor of what is there.</param>
    public static void Multiply(Matrix a, Matrix b, Matrix c, float alpha = 1, float beta = 0)
    {
        // MKL only prints where a size is wrong; an empty product is no error here.
        if (c.Rows == 0 || c.Columns == 0) return;
        System.Diagnostics.Debug.Assert(a.Rows == c.Rows && b.Columns == c.Columns && a.Columns == b.Rows, "the shapes fit");

        // Read column by column, as Fortran does, every matrix is its transpose: cᵀ = bᵀ aᵀ.
        byte transposeB = b.IsTransposed ? (byte)'T' : (byte)'N', transposeA = a.IsTransposed ? (byte)'T' : (byte)'N';
        int columns = (int)c.Columns, rows = (int)c.Rows, depth = (int)a.Columns;
        int strideA = (int)a.Stride, strideB = (int)b.Stride, strideC = (int)c.Stride;
        LibtorchSymbols.Sgemm(
            &transposeB, &transposeA, &columns, &rows, &depth, &alpha, b.Data, &strideB, a.Data, &strideA, &beta, c.Data, &strideC);
    }
}
