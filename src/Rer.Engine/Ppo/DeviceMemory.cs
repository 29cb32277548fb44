using System.Diagnostics;
using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>Memory in use, where the model lives.</summary>
public static class DeviceMemory
{
    /// <summary>Peak bytes so far: allocated on the device under CUDA, resident in the process on CPU; NaN where neither is known.</summary>
    public static double Peak(Device device)
    {
        if (device.type == DeviceType.CUDA) return TorchCapabilities.PeakDeviceBytes(device) ?? double.NaN;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
