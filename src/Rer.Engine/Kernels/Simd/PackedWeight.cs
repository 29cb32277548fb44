using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd;

/// <summary>A frozen weight packed for both ways through its layer.</summary>
internal sealed class PackedWeight
{
    /// <summary>Elements of the largest weight that is packed: two copies of 4 MB each. Larger ones are worth BLAS's packing.</summary>
    public const long MostElements = 1 << 20;

    /// <param name="weight">[outputs, inputs], contiguous.</param>
    public PackedWeight(Tensor weight)
    {
        var matrix = Matrix.Of(weight);
        (Forward, Backward) = (new PackedMatrix(matrix.T), new PackedMatrix(matrix));
    }

    /// <summary>[inputs, outputs]: from the input to the output.</summary>
    public PackedMatrix Forward { get; }

    /// <summary>[outputs, inputs]: from the output's gradient to the input's.</summary>
    public PackedMatrix Backward { get; }
}
