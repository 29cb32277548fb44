using Rer.Engine.Data.Prompts;
using Rer.Engine.Runs.Planning;

namespace Rer.Web.Lab;

/// <summary>A text to judge in the lab.</summary>
/// <param name="Plan">Design, gold, relevance, template and data to judge with.</param>
/// <param name="Query">The query.</param>
/// <param name="Response">The response.</param>
/// <param name="Reference">A known good answer; empty where there is none.</param>
/// <param name="Type">The query's type, which chooses a branching design's row.</param>
public sealed record LabRequest(RunPlan Plan, string Query, string Response, string Reference, QueryType Type);
