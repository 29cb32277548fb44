using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// What this process holds of a CUDA device's memory, as NVIDIA's driver counts it: TorchSharp has no memory statistics.
/// </summary>
/// <remarks>
/// That is more than the tensors: CUDA's own context counts, some 0.5 GB, and what libtorch's allocator keeps for later. It gives
/// nothing back while it runs, so what is held after a step is the most that was held during it.
/// </remarks>
internal static unsafe partial class DeviceMemory
{
    private const int Success = 0, TooSmall = 7; // NVML_SUCCESS, NVML_ERROR_INSUFFICIENT_SIZE

    private static readonly Driver? Loaded = Driver.Load();

    /// <summary>Bytes that this process holds on a device now; null where it is not a CUDA device or the driver does not tell.</summary>
    public static long? HeldOn(Device device)
    {
        if (device.type != DeviceType.CUDA || Loaded is not { } driver) return null;
        // PyTorch's `cuda` without a number is the current device, which nothing here changes: the first.
        return driver.Find(Math.Max(device.index, 0)) is { } handle && driver.Processes(handle) is { } processes
            ? HeldBy(Environment.ProcessId, processes)
            : null;
    }

    /// <summary>
    /// Which of the processes on a device is this one. In a container the driver tells the host's numbers: a process that is alone on
    /// the device must be this one all the same.
    /// </summary>
    internal static long? HeldBy(int process, ReadOnlySpan<ProcessMemory> processes)
    {
        foreach (var found in processes)
            if (found.Process == process) return found.Known;
        return processes.Length == 1 ? processes[0].Known : null;
    }

    /// <summary>NVML's nvmlProcessInfo_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct ProcessMemory(uint Process, ulong Bytes, uint GpuInstance = 0, uint ComputeInstance = 0)
    {
        /// <summary>All bits are set where the system keeps the number to itself, as Windows does.</summary>
        public long? Known => Bytes > long.MaxValue ? null : (long)Bytes;
    }

    /// <summary>Functions of the driver's two libraries. They number devices differently, and agree on places on the bus.</summary>
    private sealed class Driver
    {
        private delegate* unmanaged<int*, int, int> _cudaDevice; // cuDeviceGet
        private delegate* unmanaged<byte*, int, int, int> _busId; // cuDeviceGetPCIBusId
        private delegate* unmanaged<byte*, nint*, int> _handle; // nvmlDeviceGetHandleByPciBusId
        private delegate* unmanaged<nint, uint*, ProcessMemory*, int> _processes; // nvmlDeviceGetComputeRunningProcesses

        /// <summary>The driver's functions; null where there is no driver, or one without them.</summary>
        public static Driver? Load()
        {
            var (cuda, management) = OperatingSystem.IsWindows() ? ("nvcuda.dll", "nvml.dll") : ("libcuda.so.1", "libnvidia-ml.so.1");
            if (!NativeLibrary.TryLoad(management, out var nvml) || !NativeLibrary.TryLoad(cuda, out var driver)) return null;
            if (!NativeLibrary.TryGetExport(nvml, "nvmlInit_v2", out var init)
                || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var device)
                || !NativeLibrary.TryGetExport(driver, "cuDeviceGetPCIBusId", out var busId)
                || !NativeLibrary.TryGetExport(nvml, "nvmlDeviceGetHandleByPciBusId_v2", out var handle)
                // Drivers since 2021 have the third version, those of the two years before the second; both fill the same structure.
                || !(NativeLibrary.TryGetExport(nvml, "nvmlDeviceGetComputeRunningProcesses_v3", out var processes)
                    || NativeLibrary.TryGetExport(nvml, "nvmlDeviceGetComputeRunningProcesses_v2", out processes))) return null;
            return ((delegate* unmanaged<int>)init)() != Success ? null : new Driver
            {
                _cudaDevice = (delegate* unmanaged<int*, int, int>)device,
                _busId = (delegate* unmanaged<byte*, int, int, int>)busId,
                _handle = (delegate* unmanaged<byte*, nint*, int>)handle,
                _processes = (delegate* unmanaged<nint, uint*, ProcessMemory*, int>)processes,
            };
        }

        /// <summary>NVML's handle of the device that CUDA gives a number.</summary>
        public nint? Find(int number)
        {
            const int Longest = 32;
            var name = stackalloc byte[Longest];
            int device;
            nint handle;
            return _cudaDevice(&device, number) == Success && _busId(name, Longest, device) == Success && _handle(name, &handle) == Success
                ? handle
                : null;
        }

        /// <summary>Every process that computes on a device; null where the driver does not tell.</summary>
        public ProcessMemory[]? Processes(nint device)
        {
            for (var room = 16u; ; room *= 2)
            {
                var (found, count) = (new ProcessMemory[room], room);
                int result;
                fixed (ProcessMemory* first = found) result = _processes(device, &count, first);
                if (result == Success) return found[..(int)count];
                if (result != TooSmall || room > 4096) return null;
            }
        }
    }
}
