namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index expression: a position, a range, a new dimension, an ellipsis, a truth value, a tensor.</summary>
    public struct TensorIndex
    {
        public static TensorIndex Colon = Slice();
        public static TensorIndex None = new() { _kind = Kind.None };
        public static TensorIndex Null = None;
        public static TensorIndex Ellipsis = new() { _kind = Kind.Ellipsis };

        private Kind _kind;
        private long? _start;
        private long? _stop;
        private long? _step;
        private Tensor? _tensor;

        private enum Kind
        {
            None,
            Single,
            Slice,
            Ellipsis,
            Bool,
            Tensor,
        }

        /// <summary>How many of the tensor's dimensions it speaks for.</summary>
        internal readonly int Consumes => _kind switch
        {
            Kind.Single or Kind.Slice => 1,
            Kind.Tensor => _tensor!.dtype == ScalarType.Bool ? (int)_tensor.Dimensions : 1,
            _ => 0,
        };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static TensorIndex Single(long? index) => new() { _kind = index is null ? Kind.None : Kind.Single, _start = index };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { _kind = Kind.Slice, _start = start, _stop = stop, _step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Bool(bool value) => new() { _kind = Kind.Bool, _start = value ? 1 : 0 };

        public static TensorIndex Tensor(Tensor tensor) => new() { _kind = Kind.Tensor, _tensor = tensor };

        /// <summary>Applies it at one dimension of the tensor; an index tensor is handed back instead, for all to be applied at once.</summary>
        internal readonly Tensor Apply(Tensor target, int dim, int ellipsisLength, out Tensor? index, out int advance)
        {
            index = null;
            advance = 1;
            switch (_kind)
            {
                case Kind.Single:
                    advance = 0;
                    return target.select(dim, _start!.Value);
                case Kind.Slice:
                    return _start is null && _stop is null && _step is null
                        ? target
                        : Rer.Torch.Interop.Aten.One("slice.Tensor", target, dim, _start, _stop, _step ?? 1);
                case Kind.Ellipsis:
                    advance = ellipsisLength;
                    return target;
                case Kind.Tensor:
                    index = _tensor;
                    advance = _tensor!.dtype == ScalarType.Bool ? (int)_tensor.Dimensions : 1;
                    return target;
                case Kind.Bool:
                    index = tensor(_start == 1, device: target.device);
                    return target.unsqueeze(dim);
                default:
                    return target.unsqueeze(dim);
            }
        }
    }
}
