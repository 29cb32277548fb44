using Rer.Torch.Interop;

namespace TorchSharp;

// The same elements in another type, on another device, in other memory.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Replaced(Aten.One("to.dtype", this, type, non_blocking, copy), disposeAfter);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Replaced(Aten.One("to.device", this, device, dtype, non_blocking, copy), disposeAfter);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Replaced(Aten.One("to.device", this, device, type, non_blocking, copy), disposeAfter);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Aten.One("to.other", this, other, non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @char() => to(ScalarType.Int8);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor clone() => Aten.One("clone", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.InPlace("copy_", this, source, nonBlocking);

        public Tensor fill_(Scalar value) => Aten.InPlace("fill_.Scalar", this, value);

        public Tensor zero_() => Aten.InPlace("zero_", this);

        public Tensor set_(Tensor source) => Aten.InPlace("set_.source_Tensor", this, source);

        public Tensor pin_memory() => Aten.One("pin_memory", this);

        private Tensor Replaced(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }
    }

    public static Tensor clone(Tensor input) => input.clone();

    public static Tensor FloatTensor(Tensor t) => t.to(ScalarType.Float32);

    public static Tensor LongTensor(Tensor t) => t.to(ScalarType.Int64);
}
