using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

/// <summary>
/// An operator's argument on the managed side. It lives on the stack and holds what it came from, so that a tensor
/// cannot be finalised while the call that uses it runs.
/// </summary>
internal readonly struct Argument
{
    private readonly object? _owner;
    private readonly long _bits;
    private readonly ArgumentTag _tag;
    private readonly int _length;

    private Argument(ArgumentTag tag, long bits, object? owner = null, int length = 0)
    {
        _tag = tag;
        _bits = bits;
        _owner = owner;
        _length = length;
    }

    internal object? Owner => _owner;

    /// <summary>How many eight-byte words of scratch memory <see cref="Write"/> needs.</summary>
    internal int ScratchWords => _tag switch
    {
        ArgumentTag.IntList or ArgumentTag.DoubleList or ArgumentTag.TensorList => _length,
        ArgumentTag.String or ArgumentTag.BoolList => (_length + 7) / 8,
        _ => 0,
    };

    /// <summary>A list of the one dimension; spares the array.</summary>
    internal static Argument Dimension(long dim) => new(ArgumentTag.IntList, dim, null, 1);

    /// <summary>A list of dimensions.</summary>
    internal static Argument Dimensions(ReadOnlySpan<long> dims) => dims.Length == 1 ? Dimension(dims[0]) : dims.ToArray();

    internal static Argument List(IList<Tensor> tensors) => new(ArgumentTag.TensorList, 0, tensors, tensors.Count);

    /// <summary>A list in which null stands for an undefined tensor, as index operators want where a dimension is not indexed.</summary>
    internal static Argument ListWithGaps(IList<Tensor?> tensors) => new(ArgumentTag.TensorList, 0, tensors, tensors.Count);

    public static implicit operator Argument(Tensor? tensor) => tensor is null ? default : new(ArgumentTag.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(long value) => new(ArgumentTag.Int, value);

    public static implicit operator Argument(long? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(double value) => new(ArgumentTag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(double? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(bool value) => new(ArgumentTag.Bool, value ? 1 : 0);

    public static implicit operator Argument(bool? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(Scalar? value) => value is null ? default : new(value.Tag, value.Bits);

    public static implicit operator Argument(ScalarType value) => new(ArgumentTag.Int, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is { } given ? given : default(Argument);

    public static implicit operator Argument(Device? device) =>
        device is null ? default : new(ArgumentTag.Device, (long)device.type, null, device.index);

    public static implicit operator Argument(Generator? generator) =>
        generator is null ? default : new(ArgumentTag.Generator, generator.Handle, generator);

    public static implicit operator Argument(string? text) =>
        text is null ? default : new(ArgumentTag.String, 0, text, Encoding.UTF8.GetByteCount(text));

    public static implicit operator Argument(long[]? values) =>
        values is null ? default : new(ArgumentTag.IntList, 0, values, values.Length);

    public static implicit operator Argument(double[]? values) =>
        values is null ? default : new(ArgumentTag.DoubleList, 0, values, values.Length);

    public static implicit operator Argument(bool[]? values) =>
        values is null ? default : new(ArgumentTag.BoolList, 0, values, values.Length);

    public static implicit operator Argument(Tensor[]? tensors) =>
        tensors is null ? default : new(ArgumentTag.TensorList, 0, tensors, tensors.Length);

    /// <summary>Writes the argument in the native layout; lists go to the scratch memory, whose next free word is returned.</summary>
    internal unsafe long* Write(NativeArgument* target, long* scratch)
    {
        target->Tag = _tag;
        target->Length = _length;
        target->Integer = _bits;
        switch (_tag)
        {
            case ArgumentTag.IntList:
                if (_owner is null) *scratch = _bits;
                else Unsafe.As<long[]>(_owner).CopyTo(new Span<long>(scratch, _length));
                break;
            case ArgumentTag.DoubleList:
                ((double[])_owner!).CopyTo(new Span<double>(scratch, _length));
                break;
            case ArgumentTag.BoolList:
                ((bool[])_owner!).CopyTo(new Span<bool>(scratch, _length));
                break;
            case ArgumentTag.TensorList:
                var tensors = (IList<Tensor?>)_owner!;
                for (var i = 0; i < _length; i++) scratch[i] = tensors[i]?.Handle ?? 0;
                break;
            case ArgumentTag.String:
                Encoding.UTF8.GetBytes((string)_owner!, new Span<byte>(scratch, _length));
                break;
            default:
                return scratch;
        }
        target->Pointer = (nint)scratch;
        return scratch + ScratchWords;
    }
}
