using System.Runtime.InteropServices;
using Rer.Torch.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Which element type of a tensor holds which managed type.</summary>
internal static class ElementTypes
{
    internal static ScalarType Of<T>()
        where T : unmanaged
        => Of(typeof(T));

    internal static ScalarType Of(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(byte) ? ScalarType.Byte
        : type == typeof(sbyte) ? ScalarType.Int8
        : type == typeof(short) ? ScalarType.Int16
        : type == typeof(Half) ? ScalarType.Float16
        : throw new ArgumentException($"A tensor cannot hold elements of {type.Name}.");

    internal static unsafe Tensor Copy(Array array, long[] shape, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
    {
        var result = empty(shape, Of(array.GetType().GetElementType()!), names: names);
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        try
        {
            var length = checked((long)array.LongLength * result.ElementSize);
            Buffer.MemoryCopy((void*)pin.AddrOfPinnedObject(), Native.rer_data(result.Handle), length, length);
        }
        finally
        {
            pin.Free();
        }
        if (dtype is { } type && type != result.dtype) result = result.to(type, disposeAfter: true);
        if (device is not null && device.type != DeviceType.CPU) result = result.to(device, disposeAfter: true);
        if (requiresGrad) result.requires_grad = true;
        return result;
    }
}
