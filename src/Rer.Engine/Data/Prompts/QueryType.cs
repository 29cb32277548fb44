using System.Text.Json.Serialization;

namespace Rer.Engine.Data.Prompts;

/// <summary>What kind of answer a query asks for; annotated per item (`qtype` in data files).</summary>
[JsonConverter(typeof(QueryTypeJsonConverter))]
public enum QueryType
{
    /// <summary>`OPENENDED`: many good answers; better ones are on topic, specific and not repetitive.</summary>
    OpenEnded,

    /// <summary>`CONSTRAINED`: closed-ended, one right answer or a few.</summary>
    ClosedEnded,
}
