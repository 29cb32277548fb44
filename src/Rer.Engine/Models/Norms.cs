using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Normalisation layers.</summary>
internal static class Norms
{
    /// <summary>`x / sqrt(mean(x²) + eps) · gain`, the mean in float32 (Zhang and Sennrich 2019).</summary>
    public static Tensor Rms(Tensor x, Tensor gain, double epsilon)
    {
        var wide = x.to(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return gain * (wide * scale).to(x.dtype);
    }
}
