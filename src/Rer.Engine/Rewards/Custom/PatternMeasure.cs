using System.Text.Json.Serialization;

namespace Rer.Engine.Rewards.Custom;

/// <summary>What a pattern's matches are worth.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatternMeasure>))]
public enum PatternMeasure
{
    /// <summary>Their number.</summary>
    Count,

    /// <summary>Their number for every hundred words; 0 for a response without words.</summary>
    PerHundredWords,

    /// <summary>1 where there is one, else 0.</summary>
    Present,

    /// <summary>1 where there is none, else 0.</summary>
    Absent,
}
