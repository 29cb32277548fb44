using System.Text.Json;

namespace Rer.Engine.Data;

/// <summary>One record of a data file, with its place there.</summary>
/// <param name="Index">Position among the file's rows, from 0.</param>
/// <param name="Line">Line of the file where the row begins, from 1.</param>
/// <param name="Fields">The row as a JSON object.</param>
public sealed record DataRow(int Index, int Line, JsonElement Fields)
{
    /// <summary>The text of a field: null where it is absent or null; a <see cref="FormatException"/> where it is no text.</summary>
    public string? Text(string field) =>
        !Fields.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"`{field}` is {Describe(value.ValueKind)}. It must be text.");

    /// <summary>The number in a field: null where it is absent or null; a <see cref="FormatException"/> where it is no finite number.</summary>
    public double? Number(string field) =>
        !Fields.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw new FormatException($"`{field}` is {(value.ValueKind == JsonValueKind.Number ? "too large" : Describe(value.ValueKind))}. It must be a number.");

    /// <summary>The fields' names, in the file's order.</summary>
    public IEnumerable<string> FieldNames => Fields.EnumerateObject().Select(property => property.Name);

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
