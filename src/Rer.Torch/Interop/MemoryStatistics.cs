using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed unsafe class MemoryStatistics : IMemoryStatistics
{
    public long LiveTensors => Tensor.TotalCount;

    public long? NativeBytes => Native.rer_native_bytes() is >= 0 and var bytes ? bytes : null;

    public DeviceMemory OfDevice(Device device)
    {
        DeviceMemory memory;
        Native.Checked(Native.rer_cuda_memory(device.index, &memory));
        return memory;
    }

    public DeviceProperties Describe(Device device)
    {
        NativeDeviceProperties found;
        Native.Checked(Native.rer_cuda_properties(device.index, &found));
        return new DeviceProperties(
            Marshal.PtrToStringUTF8((nint)found.Name) ?? "", new Version(found.Major, found.Minor), found.Multiprocessors);
    }

    public void ResetPeak(Device device) => Native.Checked(Native.rer_cuda_reset_peak(device.index));

    public void EmptyCache() => Native.Checked(Native.rer_cuda_empty_cache());
}
