using Microsoft.AspNetCore.Http.HttpResults;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Storage;

namespace Rer.Web.Api;

/// <summary>Runs side by side over HTTP.</summary>
internal static class CompareApi
{
    /// <summary>Adds the endpoint.</summary>
    public static void MapCompare(this IEndpointRouteBuilder api) =>
        api.MapGet("/compare", Compare).WithTags("Runs").WithName("compareRuns").WithSummary(
            "Runs put together where their plans are equal but for the seed, with every option on which the groups differ;"
            + " `runs` takes ids with commas between, otherwise text, tag and sweep choose");

    private static Results<Ok<RunComparison>,
        ProblemHttpResult> Compare(IRunStore store, string? runs, string? text, string? tag, string? sweep)
    {
        if (runs is null) return TypedResults.Ok(RunComparison.Of(store.Runs(new RunFilter { Text = text, Tag = tag, SweepId = sweep })));
        var found = new List<RunRecord>();
        foreach (var id in runs.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct())
        {
            if (store.Run(id) is not { } run) return TypedResults.Problem($"runs: '{id}' is no run.",
                statusCode: StatusCodes.Status404NotFound);
            found.Add(run);
        }

        return TypedResults.Ok(RunComparison.Of(found));
    }
}
