using Rer.Torch;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>The kernels that do in one pass what several operators do in as many, where the tensor library has them.</summary>
internal static class Fused
{
    /// <summary>The kernels, if they take tensors such as <paramref name="x"/>; null sends the caller down its plain path.</summary>
    public static IFusedKernels? For(Tensor x) => TorchCapabilities.Fused is { } fused && fused.Take(x) ? fused : null;
}
