using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Rer.Engine.Evaluation;
using Rer.Engine.Input;

namespace Rer.Engine.Runs.Events;

/// <summary>How plans, events, evaluations and exports are written as JSON. What others write is read by <see cref="JsonInput"/>.</summary>
public static class RunJson
{
    /// <summary>Compact: one line, camel case, enumerations as text, NaN as `"NaN"`.</summary>
    public static JsonSerializerOptions Compact { get; } = Create(indented: false);

    /// <summary>The same, indented, for files a person reads.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonInput.Options)
        {
            WriteIndented = indented,
            // A store, or a server, may be of another version: what it has besides, or lacks, is no error.
            RespectRequiredConstructorParameters = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { EarlierEvaluation.Read } },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
