using System.Buffers.Binary;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>Reads the fields of one protocol-buffer message in their order.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding/</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;
    private ulong _number;
    private ReadOnlySpan<byte> _bytes;

    /// <summary>The number of the field read last.</summary>
    public int Field { get; private set; }

    /// <summary>Reads the next field; false at the end of the message.</summary>
    /// <exception cref="FormatException">The bytes are not a message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var key = ReadVarint();
        Field = (int)(key >> 3);
        _wireType = (int)(key & 7);
        if (Field == 0) throw new FormatException("a field has the number 0");
        switch (_wireType)
        {
            case Varint: _number = ReadVarint(); break;
            case Fixed64: _bytes = Take(8); break;
            case LengthDelimited: _bytes = Take(ReadVarint()); break;
            case Fixed32: _bytes = Take(4); break;
            default: throw new FormatException($"field {Field} has the wire type {_wireType}");
        }
        return true;
    }

    /// <summary>The field as a whole number.</summary>
    public readonly int Int() => _wireType == Varint ? (int)_number : throw Unexpected("a whole number");

    /// <summary>The field as a truth value.</summary>
    public readonly bool Bool() => Int() != 0;

    /// <summary>The field as a single-precision number.</summary>
    public readonly float Float() =>
        _wireType == Fixed32 ? BinaryPrimitives.ReadSingleLittleEndian(_bytes) : throw Unexpected("a float");

    /// <summary>The field as bytes: a string, or a message inside this one.</summary>
    public readonly ReadOnlySpan<byte> Bytes() => _wireType == LengthDelimited ? _bytes : throw Unexpected("bytes");

    private readonly FormatException Unexpected(string expected) => new($"field {Field} is not {expected}");

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        throw new FormatException("a number is longer than 64 bits");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new FormatException("the data end in the middle of a field");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
