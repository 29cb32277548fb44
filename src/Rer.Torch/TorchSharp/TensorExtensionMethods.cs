using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A tensor of one element as a number, and small conveniences.</summary>
public static partial class TensorExtensionMethods
{
    public static double ToDouble(this Tensor value) => value.ToScalar().AsDouble;

    public static float ToSingle(this Tensor value) => (float)value.ToScalar().AsDouble;

    public static long ToInt64(this Tensor value) => Whole(value);

    public static int ToInt32(this Tensor value) => (int)Whole(value);

    public static short ToInt16(this Tensor value) => (short)Whole(value);

    public static byte ToByte(this Tensor value) => (byte)Whole(value);

    public static bool ToBoolean(this Tensor value) => value.ToScalar().AsDouble != 0;

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 or ScalarType.QInt32 => 4,
        ScalarType.ComplexFloat64 => 16,
        _ => 8,
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, static (product, size) => product * size);

    public static Modules.Parameter AsParameter(this Tensor tensor) => new(tensor);

    private static long Whole(Tensor value)
    {
        var scalar = value.ToScalar();
        return scalar.Tag == Rer.Torch.Interop.ArgumentTag.Double ? (long)scalar.AsDouble : scalar.Bits;
    }
}
