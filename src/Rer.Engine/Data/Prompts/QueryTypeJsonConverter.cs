using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rer.Engine.Data.Prompts;

/// <summary>Writes a query type as data files do: `OPENENDED`, `CONSTRAINED`, also as a key.</summary>
internal sealed class QueryTypeJsonConverter : JsonConverter<QueryType>
{
    /// <inheritdoc/>
    public override QueryType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : reader.TokenType.ToString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, QueryType value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Code());

    /// <inheritdoc/>
    public override QueryType ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, QueryType value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Code());

    private static QueryType Parse(string? code) => QueryTypes.TryParse(code, out var type)
        ? type
        : throw new JsonException($"query type '{code}' is not known. Use OPENENDED or CONSTRAINED.");
}
