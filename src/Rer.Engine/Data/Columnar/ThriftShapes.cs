namespace Rer.Engine.Data.Columnar;

/// <summary>The type that a field must have: a number, a text, a record, or a list of them.</summary>
/// <param name="Name">`n` (16 to 64 bits), `y` (8 bits), `f` (bool), `d` (double), `b` (bytes), or a record's name.</param>
/// <param name="IsList">Whether it is a list of those.</param>
internal readonly record struct ThriftShape(string Name, bool IsList)
{
    /// <summary>Whether it is a record, or its items are.</summary>
    public bool IsRecord => char.IsUpper(Name[0]);

    /// <summary>The shape of a list's items.</summary>
    public ThriftShape ToItem() => new(Name, false);

    /// <summary>Whether a type of the protocol is this one's.</summary>
    public bool Fits(int type) => IsList ? type == 9 : Name switch
    {
        "n" => type is 4 or 5 or 6,
        "y" => type == 3,
        "f" => type is 1 or 2,
        "d" => type == 7,
        "b" => type == 8,
        _ => type == 12,
    };
}

/// <summary>The fields of a format's records, by record and number.</summary>
internal sealed class ThriftShapes
{
    private readonly Dictionary<(string Record, int Field), ThriftShape> _fields = [];

    private ThriftShapes()
    {
    }

    /// <summary>Parquet's records, as far as their fields are read: a line each, `NUMBER:TYPE`. Source: the format's
    /// parquet.thrift.</summary>
    public static ThriftShapes Parquet { get; } = Parse(
        """
        File 1:n 2:[Element] 3:n 4:[Group] 5:[Pair] 6:b 7:[Order]
        Element 1:n 2:n 3:n 4:b 5:n 6:n 7:n 8:n 9:n 10:Logical
        Logical 1:Empty 2:Empty 3:Empty 4:Empty 5:Decimal 6:Empty 7:Time 8:Time 10:Integer 11:Empty 12:Empty 13:Empty 14:Empty 15:Empty
        Logical 16:Variant 17:Geometry 18:Geography
        Decimal 1:n 2:n
        Time 1:f 2:Unit
        Unit 1:Empty 2:Empty 3:Empty
        Integer 1:y 2:f
        Variant 1:y
        Geometry 1:b
        Geography 1:b 2:n
        Pair 1:b 2:b
        Order 1:Empty
        Group 1:[Chunk] 2:n 3:n 4:[Sorting] 5:n 6:n 7:n
        Sorting 1:n 2:f 3:f
        Chunk 1:b 2:n 3:Column 4:n 5:n 6:n 7:n
        Column 1:n 2:[n] 3:[b] 4:n 5:n 6:n 7:n 8:[Pair] 9:n 10:n 11:n 12:Statistics 13:[Encodings] 14:n 15:n 16:Sizes 17:Place
        Statistics 1:b 2:b 3:n 4:n 5:b 6:b 7:f 8:f
        Encodings 1:n 2:n 3:n
        Sizes 1:n 2:[n] 3:[n]
        Place 1:Box 2:[n]
        Box 1:d 2:d 3:d 4:d 5:d 6:d 7:d 8:d
        Page 1:n 2:n 3:n 4:n 5:Data 6:Empty 7:Dictionary 8:Data2
        Data 1:n 2:n 3:n 4:n 5:Statistics
        Dictionary 1:n 2:n 3:f
        Data2 1:n 2:n 3:n 4:n 5:n 6:n 7:f 8:Statistics
        """);

    /// <summary>The shape of a record's field; null where it is not known.</summary>
    public ThriftShape? Of(string record, int field) => _fields.TryGetValue((record, field), out var shape) ? shape : null;

    private static ThriftShapes Parse(string text)
    {
        var shapes = new ThriftShapes();
        foreach (var words in text.Split('\n').Select(line => line.Trim().Split(' ')))
        {
            foreach (var parts in words[1..].Select(word => word.Split(':')))
                shapes._fields[(words[0], int.Parse(parts[0]))] = new ThriftShape(parts[1].Trim('[', ']'), parts[1][0] == '[');
        }

        return shapes;
    }
}
