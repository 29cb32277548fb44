using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Data;

namespace Rer.Engine.Runs;

/// <summary>How plans, events, evaluations and exports are written as JSON.</summary>
public static class RunJson
{
    /// <summary>Compact: one line, camel case, enumerations as text, NaN as `"NaN"`.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>The same, indented, for files a person reads.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            // Responses are any language's text; the files are UTF-8 and never embedded in HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            Converters = { new QueryTypeJsonConverter(), new JsonStringEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
