using System.Text.Json;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs.Events;

namespace Rer.Web.Features;

/// <summary>A feature while it is written, as an address holds it.</summary>
public static class FeatureDraft
{
    /// <summary>Where a new feature begins.</summary>
    public static FeatureDefinition Empty { get; } = new()
    {
        Symbol = "",
        Kind = FeatureKind.Expression,
        Source = "min(words, 150) / 100 * rp",
        Examples = [new FeatureExample("One short answer.", 0.04)],
    };

    /// <summary>The source that a kind begins with.</summary>
    public static string StartOf(FeatureKind kind, string symbol) => kind switch
    {
        FeatureKind.Expression => Empty.Source,
        FeatureKind.Pattern => @"(?i)\b(maybe|perhaps|possibly)\b",
        _ => CodeFeatures.Template(symbol.Length > 0 ? symbol : "OWN"),
    };

    /// <summary>What the address holds; null where the draft is what it began as.</summary>
    public static string? Write(FeatureDefinition draft, FeatureDefinition start) =>
        Json(draft) is var text && text == Json(start) ? null : text;

    /// <summary>Reads what an address holds; null where it is no draft.</summary>
    public static FeatureDefinition? Read(string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonSerializer.Deserialize<FeatureDefinition>(text, RunJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Json(FeatureDefinition definition) => JsonSerializer.Serialize(definition, RunJson.Compact);
}
