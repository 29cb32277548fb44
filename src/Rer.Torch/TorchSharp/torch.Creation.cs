using Rer.Torch.Interop;

namespace TorchSharp;

// Tensors out of numbers, ranges and other tensors.
public static partial class torch
{
    private static ScalarType s_defaultType = ScalarType.Float32;

    public static ScalarType get_default_dtype() => s_defaultType;

    public static void set_default_dtype(ScalarType dtype) => s_defaultType = is_floating_point(dtype)
        ? dtype
        : throw new ArgumentException($"The default element type has to be a floating one; {dtype} is not.", nameof(dtype));

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) => Number(scalar, ScalarType.Byte, device, requires_grad);

    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) => Number(scalar, ScalarType.Int8, device, requires_grad);

    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) => Number(scalar, ScalarType.Int16, device, requires_grad);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) => Number(scalar, ScalarType.Int32, device, requires_grad);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Number(scalar, dtype ?? ScalarType.Int64, device, requires_grad);

    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => Number(scalar, ScalarType.Float32, device, requires_grad);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Number(scalar, dtype ?? ScalarType.Float64, device, requires_grad);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Number(scalar, dtype ?? ScalarType.Bool, device, requires_grad);

    /// <summary>A copy of an array of any rank.</summary>
    /// <exception cref="ArgumentException">The array's elements are of no type a tensor can hold.</exception>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = rawArray.GetLongLength(i);
        return ElementTypes.Copy(rawArray, shape, dtype, device, requires_grad, names);
    }

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(0, stop, 1, dtype ?? RangeType(stop), device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => arange(start, stop, 1, dtype ?? RangeType(start, stop), device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Made(null, requires_grad, Aten.One("arange.start_step", start, stop, step, dtype ?? RangeType(start, stop, step), default(Argument), device));

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Made(null, requires_grad, Aten.One("linspace", start, end, steps, Typed(dtype), default(Argument), device));

    public static Tensor eye(
        long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("eye.m", rows, columns < 0 ? rows : columns, Typed(dtype), default(Argument), device));

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null)
        => Aten.One("tril_indices", row, col, offset, dtype, default(Argument), device);

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null)
        => Aten.One("triu_indices", row, col, offset, dtype, default(Argument), device);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("zeros_like", input, dtype, default(Argument), device));

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("ones_like", input, dtype, default(Argument), device));

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("empty_like", input, dtype, default(Argument), device));

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("full_like", input, value, dtype, default(Argument), device));

    public static Tensor empty_strided(
        long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Made(names, requires_grad, Aten.One("empty_strided", size, strides, Typed(dtype), default(Argument), device));

    public partial class Tensor
    {
        public static implicit operator Tensor(Scalar scalar) => full([], scalar, scalar.Type);

        public static implicit operator Tensor(byte value) => tensor(value);

        public static implicit operator Tensor(sbyte value) => tensor(value);

        public static implicit operator Tensor(short value) => tensor(value);

        public static implicit operator Tensor(int value) => tensor(value);

        public static implicit operator Tensor(long value) => tensor(value);

        public static implicit operator Tensor(float value) => tensor(value);

        public static implicit operator Tensor(double value) => tensor(value);

        public static implicit operator Tensor(bool value) => tensor(value);

        public static implicit operator Tensor(int[] value) => tensor(value);

        public static implicit operator Tensor(long[] value) => tensor(value);

        public static implicit operator Tensor(float[] value) => tensor(value);

        public static implicit operator Tensor(double[] value) => tensor(value);

        public static implicit operator Tensor(bool[] value) => tensor(value);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.empty_like(this, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }

    private static Tensor Number(Scalar value, ScalarType type, Device? device, bool requires_grad)
        => Made(null, requires_grad, Aten.One("scalar_tensor", value, type, default(Argument), device));

    private static ScalarType Typed(ScalarType? given) => given ?? s_defaultType;

    private static ScalarType FillType(Scalar value) => value.Type switch
    {
        ScalarType.Bool => ScalarType.Bool,
        var type when is_integral(type) => ScalarType.Int64,
        _ => s_defaultType,
    };

    private static ScalarType RangeType(params ReadOnlySpan<Scalar> bounds)
    {
        foreach (var bound in bounds)
        {
            if (!is_integral(bound.Type)) return s_defaultType;
        }
        return ScalarType.Int64;
    }

    private static Tensor Made(string[]? names, bool requiresGrad, Tensor tensor)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not supported.");
        if (requiresGrad) tensor.requires_grad = true;
        return tensor;
    }
}
