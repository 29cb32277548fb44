using System.Buffers.Binary;

namespace Rer.Engine.Data.Columnar;

/// <summary>
/// Reads Thrift's compact protocol within its bytes: no length is believed that they do not hold, no depth beyond a bound, and a field
/// that is known must have its type. A reader that trusts them can be made to loop, to recurse or to allocate without end.
/// </summary>
/// <param name="bytes">What is read.</param>
/// <param name="shapes">The types of the known fields.</param>
internal sealed class ThriftReader(ReadOnlyMemory<byte> bytes, ThriftShapes shapes)
{
    private const int MostDepth = 32, MostVarintBytes = 10;

    private const int True = 1, False = 2, SignedByte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10,
        Map = 11, Struct = 12, Uuid = 13;

    private int _depth;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <param name="shape">Its name among the shapes.</param>
    /// <exception cref="InvalidDataException">The bytes are no such record.</exception>
    public ThriftRecord Read(string shape)
    {
        if (++_depth > MostDepth) throw Damaged("is nested too deep");
        var record = new ThriftRecord();
        for (int field = 0, header = Byte(); header != 0; header = Byte())
        {
            var type = header & 0x0F;
            field = header >> 4 is > 0 and var step ? field + step : (short)ZigZag();
            var known = shapes.Of(shape, field);
            if (known is null) Skip(type);
            else record.Set(field, Value(known.Value, type));
        }

        _depth--;
        return record;
    }

    private object Value(ThriftShape shape, int type)
    {
        if (!shape.Fits(type)) throw Damaged($"has a field of type {type} where {shape.Name} is needed");
        switch (type)
        {
            case True or False: return (long)(type == True ? 1 : 0);
            case SignedByte: return (long)(sbyte)Byte();
            case Int16 or Int32 or Int64: return ZigZag();
            case Double: return BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);
            case Binary: return Take(Length());
            case List:
                var (count, element) = ListHeader();
                var items = new List<object>();
                for (var i = 0; i < count; i++) items.Add(shape.IsRecord ? Record(shape, element) : Value(shape.ToItem(), element));
                return items;
            default: return Read(shape.Name);
        }
    }

    private ThriftRecord Record(ThriftShape shape, int type) =>
        type == Struct ? Read(shape.Name) : throw Damaged($"has a list of type {type} where records are needed");

    /// <summary>Passes over a field that is not known.</summary>
    private void Skip(int type)
    {
        if (++_depth > MostDepth) throw Damaged("is nested too deep");
        switch (type)
        {
            case True or False: break;
            case SignedByte: Take(1); break;
            case Int16 or Int32 or Int64: ZigZag(); break;
            case Double: Take(8); break;
            case Binary: Take(Length()); break;
            case Uuid: Take(16); break;
            case List or Set:
                var (count, element) = ListHeader();
                for (var i = 0; i < count; i++) Skip(element);
                break;
            case Map:
                var pairs = Length();
                var types = pairs == 0 ? 0 : Byte();
                // Bools take no bytes where they are passed over: such a map could go on for ever.
                if (pairs > 0 && (types >> 4 is True or False) && (types & 0x0F) is True or False) throw Damaged("has a map of bools");
                for (var i = 0; i < pairs; i++)
                {
                    Skip(types >> 4);
                    Skip(types & 0x0F);
                }

                break;
            case Struct:
                for (var header = Byte(); header != 0; header = Byte())
                {
                    if (header >> 4 == 0) ZigZag();
                    Skip(header & 0x0F);
                }

                break;
            default: throw Damaged($"has a field of type {type}, which there is not");
        }

        _depth--;
    }

    private (int Count, int Element) ListHeader()
    {
        var header = Byte();
        var count = header >> 4 is < 15 and var few ? few : Length();
        // Every element takes a byte or more; bools, which readers disagree on, are in no list of Parquet's.
        if ((header & 0x0F) is True or False || count > bytes.Length - Position)
            throw Damaged("has a list that is longer than what is left");
        return (count, header & 0x0F);
    }

    private int Length() => Varint() is <= int.MaxValue and var length ? (int)length : throw Damaged("has a length beyond all bounds");

    private long ZigZag() => Varint() is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < MostVarintBytes; i++)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        throw Damaged("has a number without an end");
    }

    private byte Byte() => Take(1).Span[0];

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > bytes.Length - Position) throw Damaged("is cut short");
        Position += count;
        return bytes.Slice(Position - count, count);
    }

    private static InvalidDataException Damaged(string how) => new($"its table of contents {how}");
}
