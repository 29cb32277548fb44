using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>Peak memory where a model lives.</summary>
internal static class PeakMemory
{
    /// <summary>Bytes at the peak so far: allocated on the device under CUDA, resident in the process on CPU; NaN where it is not known.</summary>
    public static double Of(Device device)
    {
        if (device.type == DeviceType.CUDA) return double.NaN;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
