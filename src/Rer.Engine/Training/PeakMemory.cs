using System.Collections.Concurrent;
using System.Diagnostics;
using Rer.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>Peak memory where a model lives.</summary>
internal static class PeakMemory
{
    private static readonly ConcurrentDictionary<int, long> OnDevices = new();

    /// <summary>
    /// Bytes at the peak since this process began: resident on the CPU, held of the device under CUDA (<see cref="DeviceMemory"/>, as
    /// it was whenever this was asked); NaN where it is not known.
    /// </summary>
    public static double Of(Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            if (DeviceMemory.HeldOn(device) is not { } held) return double.NaN;
            return OnDevices.AddOrUpdate(device.index, held, (_, before) => Math.Max(before, held));
        }
        using var process = Process.GetCurrentProcess();
        // macOS keeps no peak.
        return Math.Max(process.PeakWorkingSet64, process.WorkingSet64);
    }
}
