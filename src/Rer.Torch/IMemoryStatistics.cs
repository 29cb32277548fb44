using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>Counts of live tensors and of device memory.</summary>
public interface IMemoryStatistics
{
    /// <summary>Tensors that managed code holds, those awaiting collection included.</summary>
    long LiveTensors { get; }

    /// <summary>Bytes that native code of this process holds from malloc, CPU tensors for the most part; null where the C library does not tell.</summary>
    long? NativeBytes { get; }

    /// <summary>The memory of a CUDA device.</summary>
    /// <exception cref="TorchException">There is no CUDA here.</exception>
    DeviceMemory OfDevice(Device device);

    /// <summary>What a CUDA device is.</summary>
    /// <exception cref="TorchException">There is no CUDA here.</exception>
    DeviceProperties Describe(Device device);

    /// <summary>Starts the peak anew from what is in use now.</summary>
    /// <exception cref="TorchException">There is no CUDA here.</exception>
    void ResetPeak(Device device);

    /// <summary>Gives memory that no tensor uses back to the device.</summary>
    /// <exception cref="TorchException">There is no CUDA here.</exception>
    void EmptyCache();
}
