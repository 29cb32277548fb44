using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Parquet.Data;
using Parquet.Schema;

namespace Rer.Engine.Data.Columnar;

/// <summary>
/// One column of a row group, read from its beginning on: an entry for each value and for each place without one, with the levels that
/// tell how deep it is defined and which list it goes on (Melnik et al. 2010, "Dremel").
/// </summary>
/// <param name="schema">The column.</param>
/// <param name="levels">Its definition and repetition levels; empty where it can have but one.</param>
internal abstract class ParquetColumn(DataField schema, (int[] Definition, int[] Repetition) levels)
{
    private int _entry;
    private int _value;

    /// <summary>The definition level of the entry that comes next.</summary>
    public int Definition => schema.MaxDefinitionLevel == 0 ? 0 : levels.Definition[_entry];

    /// <summary>The repetition level of the entry that comes next: 0 begins a row, and so does the end.</summary>
    public int Repetition => schema.MaxRepetitionLevel == 0 || _entry >= levels.Repetition.Length ? 0 : levels.Repetition[_entry];

    /// <summary>The column of data that was read.</summary>
    public static ParquetColumn Of(DataField schema, RawColumnData data)
    {
        var levels = (
            schema.MaxDefinitionLevel == 0 ? [] : data.DefinitionLevels.ToArray(),
            schema.MaxRepetitionLevel == 0 ? [] : data.RepetitionLevels.ToArray());
        return data switch
        {
            RawColumnData<ReadOnlyMemory<char>> texts => Make(texts, (json, text) => json.WriteStringValue(text.Span)),
            RawColumnData<ReadOnlyMemory<byte>> bytes => Make(bytes, (json, content) => WriteBytes(json, content.Span)),
            RawColumnData<bool> flags => Make(flags, (json, flag) => json.WriteBooleanValue(flag)),
            RawColumnData<double> numbers => Make(numbers, WriteNumber),
            RawColumnData<float> numbers => Make(numbers, (json, number) => WriteNumber(json, number)),
            RawColumnData<decimal> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<long> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<int> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<short> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<sbyte> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<ulong> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<uint> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<ushort> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<byte> numbers => Make(numbers, (json, number) => json.WriteNumberValue(number)),
            RawColumnData<DateTime> times => Make(times, (json, time) => json.WriteStringValue(time)),
            RawColumnData<DateOnly> days =>
                Make(days, (json, day) => json.WriteStringValue(day.ToString("O", CultureInfo.InvariantCulture))),
            RawColumnData<Guid> ids => Make(ids, (json, id) => json.WriteStringValue(id)),
            // Of other types, such as intervals, nothing is read here.
            _ => new Column<int>(schema, levels, [], (json, _) => json.WriteNullValue()),
        };

        ParquetColumn Make<T>(RawColumnData<T> read, Action<Utf8JsonWriter, T> write)
            where T : struct => new Column<T>(schema, levels, read.Values.ToArray(), write);
    }

    /// <summary>Writes the entry that comes next, null where there is no value, and goes on to the one behind it.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Definition == schema.MaxDefinitionLevel) WriteValue(json, _value++);
        else json.WriteNullValue();
        _entry++;
    }

    /// <summary>Goes on to the entry behind the one that comes next, which has no value.</summary>
    public void Skip() => _entry++;

    protected abstract void WriteValue(Utf8JsonWriter json, int index);

    /// <summary>JSON has no NaN and no infinity; rows with them hold nothing there.</summary>
    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    /// <summary>Some writers leave it open that bytes are texts. Others, such as pictures, are nothing that is read here.</summary>
    private static void WriteBytes(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) json.WriteStringValue(bytes);
        else json.WriteNullValue();
    }

    private sealed class Column<T>(
        DataField schema, (int[] Definition, int[] Repetition) levels, T[] values, Action<Utf8JsonWriter, T> write)
        : ParquetColumn(schema, levels)
    {
        protected override void WriteValue(Utf8JsonWriter json, int index)
        {
            if (values.Length == 0) write(json, default!);
            else write(json, values[index]);
        }
    }
}
