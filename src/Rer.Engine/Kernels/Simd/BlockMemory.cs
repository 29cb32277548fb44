using Rer.Engine.Kernels.Simd.Products;

namespace Rer.Engine.Kernels.Simd;

/// <summary>Where a block's intermediate results lie in one piece of memory: those that the backward pass asks for.</summary>
/// <param name="memory">The piece; null to learn only how long it is.</param>
internal sealed unsafe class BlockMemory(float* memory)
{
    /// <summary>Floats laid out so far.</summary>
    public long Length { get; private set; }

    /// <summary>Room for rows and columns behind what was laid out before.</summary>
    public Matrix Next(long rows, long columns)
    {
        var matrix = new Matrix(memory + Length, rows, columns);
        Length += rows * columns;
        return matrix;
    }
}
