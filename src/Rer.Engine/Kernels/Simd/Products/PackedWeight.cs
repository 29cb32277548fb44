using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd.Products;

/// <summary>A frozen weight packed for both ways through its layer.</summary>
internal sealed class PackedWeight
{
    /// <summary>Elements of the largest weight that is packed: two copies of 4 MB each. Larger ones are worth BLAS's packing.</summary>
    public const long MostElements = 1 << 20;

    private static readonly ConditionalWeakTable<Tensor, PackedWeight> Kept = [];

    /// <param name="weight">[outputs, inputs], contiguous.</param>
    public PackedWeight(Tensor weight)
    {
        var matrix = Matrix.Of(weight);
        (Forward, Backward) = (new PackedMatrix(matrix.T), new PackedMatrix(matrix));
    }

    /// <summary>A weight packed, kept for as long as its tensor; null where it is large or trained.</summary>
    /// <param name="weight">[outputs, inputs], contiguous.</param>
    public static PackedWeight? Of(Tensor weight) =>
        weight.requires_grad || weight.numel() > MostElements ? null : Kept.GetValue(weight, one => new PackedWeight(one));

    /// <summary>
    /// Gives up what was kept of a weight. Whoever changes a weight in place calls it before and, where a pass ran meanwhile, after.
    /// </summary>
    public static void Forget(Tensor weight) => Kept.Remove(weight);

    /// <summary>[inputs, outputs]: from the input to the output.</summary>
    public PackedMatrix Forward { get; }

    /// <summary>[outputs, inputs]: from the output's gradient to the input's.</summary>
    public PackedMatrix Backward { get; }
}
