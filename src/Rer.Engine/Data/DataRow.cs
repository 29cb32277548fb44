using System.Globalization;
using System.Text.Json;

namespace Rer.Engine.Data;

/// <summary>One record of a data file, with its place there.</summary>
/// <param name="Index">Position among the file's rows, from 0.</param>
/// <param name="Line">Line of the file where the row begins, from 1; 0 where the file has no lines.</param>
/// <param name="Fields">The row as a JSON object.</param>
public sealed record DataRow(int Index, int Line, JsonElement Fields)
{
    /// <summary>The text of a field: null where it is absent or null; a <see cref="FormatException"/> where it is no text.</summary>
    public string? Text(string field) =>
        !Fields.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"`{field}` is {Describe(value.ValueKind)}. It must be text.");

    /// <summary>What a field holds, as text, be it text, a number, true or false: null where it is absent or null; a <see
    /// cref="FormatException"/> where it is a list or an object.</summary>
    public string? Value(string field) =>
        Fields.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? value.GetRawText() : Text(field);

    /// <summary>
    /// The number in a field: null where it is absent or null; a <see cref="FormatException"/> where it is no finite number.
    /// </summary>
    public double? Number(string field) =>
        !Fields.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : value.ValueKind == JsonValueKind.String && IsNumber(value.GetString()!, out var number) ? number
        : throw new FormatException(
            $"`{field}` is {(value.ValueKind == JsonValueKind.Number ? "too large" : Describe(value.ValueKind))}. It must be a number.");

    /// <summary>
    /// Whether a field says true: `true`, or the text of it; false where it is absent. Other values are a <see
    /// cref="FormatException"/>.
    /// </summary>
    public bool Flag(string field) =>
        !Fields.TryGetProperty(field, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False ? false
        : value.ValueKind == JsonValueKind.True ? true
        : value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var flag) ? flag
        : throw new FormatException($"`{field}` is {Describe(value.ValueKind)}. It must be true or false.");

    /// <summary>The fields' names, in the file's order.</summary>
    public IEnumerable<string> FieldNames => Fields.EnumerateObject().Select(property => property.Name);

    // Tables hold numbers as text.
    private static bool IsNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    internal static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
