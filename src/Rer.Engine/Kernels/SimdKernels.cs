namespace Rer.Engine.Kernels;

/// <summary>placeholder</summary>
internal sealed class SimdKernels : TorchKernels
{
    public static new SimdKernels Instance { get; } = new();
    public static bool IsSupported => false;
}
