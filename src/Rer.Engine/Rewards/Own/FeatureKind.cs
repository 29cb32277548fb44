using System.Text.Json.Serialization;

namespace Rer.Engine.Rewards.Own;

/// <summary>How a feature of the user's own is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
public enum FeatureKind
{
    /// <summary>Arithmetic over the built-in quantities: `min(words, 150) / 100 * rp`.</summary>
    Expression,

    /// <summary>How often a regular expression matches.</summary>
    Pattern,

    /// <summary>A C# class or expression; off unless the person who started the program turned it on.</summary>
    Code,
}
