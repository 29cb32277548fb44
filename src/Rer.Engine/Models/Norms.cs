using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Normalisation layers.</summary>
internal static class Norms
{
    /// <summary>`x / sqrt(mean(x²) + eps) · gain`, the mean in float32 at least (Zhang and Sennrich 2019).</summary>
    /// <param name="x">[.., width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public static Tensor Rms(Tensor x, Tensor gain, double epsilon)
    {
        if (TorchCapabilities.Fused is { } fused && fused.TakesNorm(x)) return fused.RmsNorm(x, gain, epsilon);
        var wide = x.dtype == ScalarType.Float64 ? x : x.to(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return gain * (wide * scale).to(x.dtype);
    }
}
