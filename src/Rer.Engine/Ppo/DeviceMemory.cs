using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>Memory in use, where the model lives.</summary>
public static class DeviceMemory
{
    /// <summary>Peak bytes so far: allocated on the device under CUDA, resident in the process on CPU; NaN where neither is known.</summary>
    public static double Peak(Device device)
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
