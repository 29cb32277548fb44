using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>Comparisons of tensors.</summary>
internal static class TensorAssert
{
    /// <summary>Largest difference, over the rows where the mask is 1 when there is one.</summary>
    public static double Distance(Tensor expected, Tensor actual, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var difference = (expected.cpu().to(ScalarType.Float64) - actual.cpu().to(ScalarType.Float64)).abs();
        if (mask is not null) difference = difference.flatten(0, 1).index_select(0, mask.cpu().flatten().nonzero().squeeze(1));
        var largest = difference.max().item<double>();
        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }

    /// <summary>Whether two tensors have one type and shape and equal elements.</summary>
    public static bool SameAs(this Tensor tensor, Tensor other) =>
        tensor.dtype == other.dtype && tensor.shape.SequenceEqual(other.shape) && tensor.eq(other).all().cpu().item<bool>();

    public static void Close(Tensor expected, Tensor actual, double tolerance, Tensor? mask = null) =>
        Assert.InRange(Distance(expected, actual, mask), 0, tolerance);
}
