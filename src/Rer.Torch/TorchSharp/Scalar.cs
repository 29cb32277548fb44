using Rer.Torch.Interop;

namespace TorchSharp;

/// <summary>A number of a tensor's kind: an operator's argument that takes part in type promotion as a number, not as a tensor.</summary>
public sealed class Scalar : IDisposable
{
    private readonly torch.ScalarType _type;

    private Scalar(long value, torch.ScalarType type)
    {
        Tag = type == torch.ScalarType.Bool ? ArgumentTag.Bool : ArgumentTag.Int;
        Bits = value;
        _type = type;
    }

    private Scalar(double value, torch.ScalarType type)
    {
        Tag = ArgumentTag.Double;
        Bits = BitConverter.DoubleToInt64Bits(value);
        _type = type;
    }

    public torch.ScalarType Type => _type;

    internal ArgumentTag Tag { get; }

    internal long Bits { get; }

    internal double AsDouble => Tag == ArgumentTag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static implicit operator Scalar(byte value) => new(value, torch.ScalarType.Byte);

    public static implicit operator Scalar(sbyte value) => new(value, torch.ScalarType.Int8);

    public static implicit operator Scalar(short value) => new(value, torch.ScalarType.Int16);

    public static implicit operator Scalar(int value) => new(value, torch.ScalarType.Int32);

    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);

    public static implicit operator Scalar(Half value) => new((double)value, torch.ScalarType.Float16);

    public static implicit operator Scalar(float value) => new(value, torch.ScalarType.Float32);

    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);

    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, torch.ScalarType.Bool);

    /// <summary>Nothing to free here; TorchSharp's scalar holds native memory, so code written for it disposes.</summary>
    public void Dispose()
    {
    }
}
