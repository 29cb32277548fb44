namespace Rer.Torch;

/// <summary>The memory of a CUDA device, in bytes.</summary>
/// <param name="Allocated">Held by tensors now.</param>
/// <param name="PeakAllocated">Held by tensors at most since the peak was last reset.</param>
/// <param name="Reserved">Taken from the device by libtorch's allocator, in use or not.</param>
/// <param name="PeakReserved">Taken from the device at most since the peak was last reset.</param>
/// <param name="Free">Free on the device, this process's and all others' use taken off.</param>
/// <param name="Total">On the device.</param>
public readonly record struct DeviceMemory(
    long Allocated, long PeakAllocated, long Reserved, long PeakReserved, long Free, long Total);
