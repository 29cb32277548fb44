using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>Uniform initialisation, drawn on the CPU so that a seed gives the same weights on every device.</summary>
internal static class UniformInit
{
    /// <summary>Fills <paramref name="target"/> from [-bound, bound).</summary>
    public static void Fill(Tensor target, double bound, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        target.copy_(rand(target.shape, ScalarType.Float32, generator: generator).mul_(2 * bound).sub_(bound));
    }
}
