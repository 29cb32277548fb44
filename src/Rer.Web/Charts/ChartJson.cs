using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rer.Web.Charts;

/// <summary>Charts as JSON: plain arrays, NaN and infinity as null.</summary>
public static class ChartJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new GapConverter() },
    };

    /// <summary>The chart as `charts.js` reads it.</summary>
    /// <exception cref="ArgumentException">A trace has more than <see cref="ChartSpec.MaximumPoints"/> points, or arrays of unequal
    /// length.</exception>
    public static string Write(ChartSpec spec)
    {
        foreach (var trace in spec.Traces)
        {
            if (trace.X.Length > ChartSpec.MaximumPoints)
                throw new ArgumentException(
                    $"Trace '{trace.Name}' has {trace.X.Length} points; at most {ChartSpec.MaximumPoints} are sent. Down-sample it first.");
            foreach (var values in new[] { trace.Y, trace.Low, trace.High })
                if (values is not null && values.Length != trace.X.Length)
                    throw new ArgumentException($"Trace '{trace.Name}' has {trace.X.Length} positions and {values.Length} values.");
        }
        return JsonSerializer.Serialize(spec, Options);
    }

    private sealed class GapConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            // Seven digits draw the same picture in half the bytes.
            if (double.IsFinite(value)) writer.WriteRawValue(value.ToString("G7", System.Globalization.CultureInfo.InvariantCulture));
            else writer.WriteNullValue();
        }
    }
}
