using System.Buffers;
using System.Text.Json;
using Parquet.Schema;

namespace Rer.Engine.Data.Columnar;

/// <summary>
/// Puts the rows of a row group together again from its columns: structs become objects, lists become lists, maps become lists of `key`
/// and `value`. Each row is made by itself, so that a column whose thousand rows share one long text costs no more than that text.
/// </summary>
/// <param name="fields">The file's fields.</param>
/// <param name="columns">The row group's columns, by field.</param>
internal sealed class ParquetRecords(IReadOnlyList<Field> fields, IReadOnlyDictionary<DataField, ParquetColumn> columns)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The next row as JSON; valid until the one behind it is read.</summary>
    /// <exception cref="InvalidDataException">It is larger than a row may be.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer)) WriteObject(json, fields);
        return _buffer.WrittenMemory;
    }

    /// <summary>The columns below a field, in order.</summary>
    public static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField data => [data],
        ListField list => Leaves(list.Item),
        MapField map => Leaves(map.Key).Concat(Leaves(map.Value)),
        StructField group => group.Fields.SelectMany(Leaves),
        _ => [],
    };

    private void WriteObject(Utf8JsonWriter json, IEnumerable<Field> members)
    {
        json.WriteStartObject();
        foreach (var member in members)
        {
            json.WritePropertyName(member.Name);
            Write(json, member);
        }

        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, Field field)
    {
        if (json.BytesCommitted + json.BytesPending > DataContent.LargestRow)
            throw new InvalidDataException($"the row has more than {DataContent.LargestRow} bytes, which is the most that is read.");
        switch (field)
        {
            case DataField { IsArray: true } repeated: WriteList(json, repeated, () => columns[repeated].Write(json)); break;
            case DataField data: columns[data].Write(json); break;
            case ListField list: WriteList(json, list, () => Write(json, list.Item)); break;
            case MapField map: WriteList(json, map, () => WriteObject(json, [map.Key, map.Value])); break;
            case StructField group when First(group).Definition >= group.MaxDefinitionLevel: WriteObject(json, group.Fields); break;
            default:
                SkipAll(field);
                json.WriteNullValue();
                break;
        }
    }

    private void WriteList(Utf8JsonWriter json, Field list, Action writeItem)
    {
        var first = First(list);
        if (first.Definition < list.MaxDefinitionLevel)
        {
            // Defined one level less than an item is, there is a list without one.
            if (first.Definition == list.MaxDefinitionLevel - 1)
            {
                json.WriteStartArray();
                json.WriteEndArray();
            }
            else
            {
                json.WriteNullValue();
            }

            SkipAll(list);
            return;
        }

        json.WriteStartArray();
        do writeItem();
        while (first.Repetition == list.MaxRepetitionLevel);
        json.WriteEndArray();
    }

    /// <summary>All columns below a field have entries at the same places; the first stands for them.</summary>
    private ParquetColumn First(Field field) => columns[Leaves(field).First()];

    private void SkipAll(Field field)
    {
        foreach (var leaf in Leaves(field)) columns[leaf].Skip();
    }
}
