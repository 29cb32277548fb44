using System.Text;

namespace Rer.Engine.Data.Columnar;

/// <summary>A struct of Thrift's compact protocol: what Parquet writes its tables of contents in. Values by the fields' numbers.</summary>
internal sealed class ThriftRecord
{
    private readonly Dictionary<int, object> _fields = [];

    /// <summary>A number; null where the field is absent.</summary>
    public long? Number(int field) => _fields.TryGetValue(field, out var value) ? (long)value : null;

    /// <summary>A record within; null where the field is absent.</summary>
    public ThriftRecord? Record(int field) => (ThriftRecord?)_fields.GetValueOrDefault(field);

    /// <summary>A text; null where the field is absent.</summary>
    public string? Text(int field) =>
        _fields.TryGetValue(field, out var value) ? Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)value).Span) : null;

    /// <summary>A list of records; none where the field is absent.</summary>
    public IReadOnlyList<ThriftRecord> Records(int field) => [.. List(field).Cast<ThriftRecord>()];

    /// <summary>A list of texts; none where the field is absent.</summary>
    public IReadOnlyList<string> Texts(int field) =>
        [.. List(field).Select(value => Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)value).Span))];

    /// <summary>Sets a field.</summary>
    public void Set(int field, object value) => _fields[field] = value;

    private IReadOnlyList<object> List(int field) => _fields.TryGetValue(field, out var value) ? (List<object>)value : [];
}
