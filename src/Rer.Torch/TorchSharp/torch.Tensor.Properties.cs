using Rer.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Native.rer_scalar_type(Handle);

        public long Dimensions => Native.rer_dim(Handle);

        public long ndim => Native.rer_dim(Handle);

        public long NumberOfElements => Native.rer_numel(Handle);

        public long ElementSize => Info.ElementSize;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* first = sizes) Native.rer_sizes(Handle, first);
                return sizes;
            }
        }

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_leaf => Info.Flags.HasFlag(TensorFlags.Leaf);

        public bool requires_grad
        {
            get => Info.Flags.HasFlag(TensorFlags.RequiresGrad);
            set => Native.Checked(Native.rer_set_requires_grad(Handle, value ? 1 : 0));
        }

        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                Native.rer_info(Handle, &info);
                GC.KeepAlive(this);
                return info;
            }
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        /// <exception cref="ArgumentOutOfRangeException">The tensor has no such dimension.</exception>
        public long size(int dim) => shape[Wrapped(dim)];

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* first = strides) Native.rer_strides(Handle, first);
            return strides;
        }

        public long stride(int dim) => stride()[Wrapped(dim)];

        public long storage_offset() => Info.StorageOffset;

        public bool is_contiguous() => Info.Flags.HasFlag(TensorFlags.Contiguous);

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_nonzero() => Aten.Value("is_nonzero", this).Integer != 0;

        private int Wrapped(int dim)
        {
            var count = (int)Dimensions;
            return dim < -count || dim >= count
                ? throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {count} dimensions.")
                : dim < 0 ? dim + count : dim;
        }
    }

    public static long numel(Tensor input) => input.NumberOfElements;

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    public static bool is_tensor(object obj) => obj is Tensor;
}
