using System.Diagnostics;
using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>The most memory in use so far, where the model lives.</summary>
public static class PeakMemory
{
    /// <summary>Bytes allocated on the device under CUDA, resident in the process on CPU; NaN where neither is known.</summary>
    public static double Of(Device device)
    {
        if (device.type == DeviceType.CUDA) return TorchCapabilities.Memory?.OfDevice(device).PeakAllocated ?? double.NaN;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
