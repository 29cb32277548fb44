using System.Text.Json.Serialization;

namespace Rer.Engine.Rewards.Custom;

/// <summary>How a feature of the user's own is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FeatureKind>))]
public enum FeatureKind
{
    /// <summary>Arithmetic over the built-in quantities: `min(words, 150) / 100 * rp`.</summary>
    Expression,

    /// <summary>Matches of a regular expression.</summary>
    Pattern,

    /// <summary>A C# class that implements <see cref="IRewardFeature"/>; see <see cref="CodeFeatures"/>.</summary>
    Code,
}
