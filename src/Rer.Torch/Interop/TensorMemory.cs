using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed unsafe class TensorMemory : ITensorMemory
{
    public Tensor Over(nint address, ReadOnlySpan<long> shape, ScalarType type, IDisposable owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var keeper = GCHandle.Alloc(owner);
        nint handle;
        fixed (long* sizes = shape)
            handle = Native.rer_from_blob((void*)address, sizes, shape.Length, (int)type, &Release, (void*)GCHandle.ToIntPtr(keeper));
        if (handle != 0) return new Tensor(handle);
        keeper.Free();
        throw Native.LastError();
    }

    public nint AddressOf(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CPU
        ? (nint)Native.rer_data(tensor.Handle)
        : throw new InvalidOperationException($"The tensor is on {tensor.device}; only memory of the CPU has an address here.");

    [UnmanagedCallersOnly]
    private static void Release(void* context)
    {
        var keeper = GCHandle.FromIntPtr((nint)context);
        var owner = (IDisposable)keeper.Target!;
        keeper.Free();
        owner.Dispose();
    }
}
