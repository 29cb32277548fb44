using Rer.Torch.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

// The elements, read and written from the managed side.
public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The memory of a contiguous tensor on the CPU; it is gone when the tensor is.</summary>
        /// <exception cref="InvalidOperationException">The tensor is on another device, or not contiguous.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                RequireOnCpu();
                if (!is_contiguous()) throw new InvalidOperationException("Only a contiguous tensor's bytes can be reached; call contiguous() first.");
                return new Span<byte>(Native.rer_data(Handle), checked((int)(NumberOfElements * ElementSize)));
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                    throw new ArgumentException($"{value.Length} bytes do not fill a tensor of {target.Length}.", nameof(value));
                value.CopyTo(target);
            }
        }

        /// <summary>The elements in row-major order, whatever the strides; reads and writes the tensor's own memory.</summary>
        /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the tensor's element type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType<T>();
            RequireOnCpu();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element.</summary>
        /// <exception cref="ArgumentException">There is not exactly one, or <typeparamref name="T"/> is not its type.</exception>
        public unsafe T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
                throw new ArgumentException($"item() wants a tensor of one element; this one's shape is [{string.Join(", ", shape)}].");
            RequireType<T>();
            if (device_type == DeviceType.CPU) return *(T*)Native.rer_data(Handle);
            using var local = cpu();
            return *(T*)Native.rer_data(local.Handle);
        }

        public Scalar ToScalar() => Aten.Value("_local_scalar_dense", this) switch
        {
            { Tag: ArgumentTag.Double } value => value.Real,
            { Tag: ArgumentTag.Bool } value => value.Integer != 0,
            var value => value.Integer,
        };

        public static explicit operator float(Tensor value) => value.ToSingle();

        public static explicit operator double(Tensor value) => value.ToDouble();

        public static explicit operator int(Tensor value) => value.ToInt32();

        public static explicit operator long(Tensor value) => value.ToInt64();

        public static explicit operator bool(Tensor value) => value.ToBoolean();

        private void RequireOnCpu()
        {
            if (device_type != DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        private void RequireType<T>()
            where T : unmanaged
        {
            if (ElementTypes.Of<T>() != dtype) throw new ArgumentException($"A tensor of {dtype} cannot be read as {typeof(T).Name}.");
        }
    }
}
