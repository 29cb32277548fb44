using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>A matrix of floats in memory that somebody else keeps.</summary>
/// <param name="data">The first element.</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Columns.</param>
/// <param name="stride">From a row as it is stored to the next.</param>
/// <param name="transposed">Whether it is stored column by column.</param>
internal readonly unsafe struct Matrix(float* data, long rows, long columns, long stride, bool transposed = false)
{
    /// <summary>A contiguous matrix.</summary>
    public Matrix(float* data, long rows, long columns)
        : this(data, rows, columns, columns)
    {
    }

    /// <summary>The first element.</summary>
    public float* Data => data;

    /// <summary>Rows.</summary>
    public long Rows => rows;

    /// <summary>Columns.</summary>
    public long Columns => columns;

    /// <summary>From a row as it is stored to the next.</summary>
    public long Stride => stride;

    /// <summary>Whether it is stored column by column.</summary>
    public bool IsTransposed => transposed;

    /// <summary>The transpose, over the same memory.</summary>
    public Matrix T => new(data, columns, rows, stride, !transposed);

    /// <summary>Some columns of a matrix that is stored row by row.</summary>
    public Matrix Slice(long start, long count) => new(data + start, rows, count, stride);

    /// <summary>The elements of a contiguous float32 tensor on the CPU. They stay where they are for as long as the tensor lives.</summary>
    public static float* Floats(Tensor tensor)
    {
        fixed (byte* bytes = tensor.bytes) return (float*)bytes;
    }

    /// <summary>The elements of a contiguous int64 tensor on the CPU.</summary>
    public static long* Integers(Tensor tensor)
    {
        fixed (byte* bytes = tensor.bytes) return (long*)bytes;
    }

    /// <summary>A tensor as rows of its last dimension.</summary>
    public static Matrix Of(Tensor tensor)
    {
        var columns = tensor.size(-1);
        return new Matrix(Floats(tensor), columns == 0 ? 0 : tensor.numel() / columns, columns);
    }

    /// <summary>The tensor itself where it is contiguous, else a copy that is.</summary>
    public static Tensor Dense(Tensor tensor) => tensor.is_contiguous() ? tensor : tensor.contiguous();

    /// <summary>A new tensor, not filled.</summary>
    public static Tensor New(params ReadOnlySpan<long> shape) => empty(shape, ScalarType.Float32);
}
