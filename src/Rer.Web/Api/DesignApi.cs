using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Web.Access;
using Rer.Web.Lab;
using Rer.Web.Plans;

namespace Rer.Web.Api;

/// <summary>Designs, plans and scoring over HTTP.</summary>
internal static class DesignApi
{
    private const int MostItems = 10_000, MostBytes = 32 << 20;

    /// <summary>Adds the endpoints.</summary>
    public static void MapDesigns(this IEndpointRouteBuilder api)
    {
        var designs = api.MapGroup("/").WithTags("Designs");
        designs.MapGet("/designs", () => TypedResults.Ok(RewardDesign.Presets.Select(p => DesignInfo.Of(p.Design)).ToArray()))
            .WithName("listDesigns").WithSummary("The presets");
        designs.MapGet("/designs/parse", Parse).WithName("parseDesign")
            .WithSummary("Reads a design's text; 400 says what is wrong with it");
        designs.MapGet("/features", Features).WithName("listFeatures").WithSummary("The features a design may use");
        designs.MapPost("/score", Score).WithName("scoreResponses").WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .WithSummary("Scores responses under a design, with every feature and factor, and by a gold model where `gold` names one");
        var plans = api.MapGroup("/").WithTags("Plans");
        plans.MapGet("/options", Options).WithName("listOptions").WithSummary("Every option of a plan");
        plans.MapPost("/plans/check", (Body<RunPlan> plan, DataRoots roots) => TypedResults.Ok(roots.Validate(plan.Value)))
            .WithName("checkPlan")
            .WithSummary("Everything wrong with a plan; empty where it can run");
        plans.MapGet("/plans/start", (StartingPlan starting, string? from) => TypedResults.Ok(starting.Of(from)))
            .WithName("getStartingPlan")
            .WithSummary("The plan a new run begins with: that of an earlier run, or the small world that ships");
        plans.MapPost("/plans/estimate", Estimate).WithName("estimatePlan")
            .WithSummary("Memory from the models' shapes, time from an earlier run of the same sizes or a measurement");
        plans.MapPost("/plans/measure", Measure).WithName("measurePlan")
            .WithSummary(
                "Trains a few steps of a plan to see how long they take and keeps nothing else of them; 409 while the device is in use");
    }

    private static Ok<OptionInfo[]> Options() =>
        TypedResults.Ok(PlanOption.All.Select(o => new OptionInfo(o.Name, o.Group, o.Summary, o.Default, o.Allowed)).ToArray());

    private static Ok<FeatureInfo[]> Features(FeatureCatalog own) =>
        TypedResults.Ok(RewardFeatures.BuiltInBeside(own.All).Select(FeatureInfo.Of).Concat(own.All.Select(FeatureInfo.Of)).ToArray());

    private static Results<Ok<DesignInfo>, ProblemHttpResult> Parse(string text, FeatureCatalog own) =>
        RewardDesign.TryParse(text, own.All, out var design, out var error)
        ? TypedResults.Ok(DesignInfo.Of(design))
        : TypedResults.Problem(error, statusCode: StatusCodes.Status400BadRequest);

    private static Ok<RunEstimate> Estimate(Body<RunPlan> body, IRunStore store, DataRoots roots)
    {
        var plan = body.Value;
        roots.Require(plan);
        return TypedResults.Ok(RunEstimate.Of(plan, RunTiming.Find(store, plan)));
    }

    private static async Task<Results<Ok<PlanMeasurement>, ProblemHttpResult>> Measure(Body<RunPlan> body,
        PlanBenchmarkService measurements, DataRoots roots, CancellationToken left)
    {
        var plan = body.Value;
        roots.Require(plan);
        try
        {
            if (measurements.Begin(plan) is { } begun) return TypedResults.Ok(await begun.Result.WaitAsync(left));
        }
        catch (OperationCanceledException) when (!left.IsCancellationRequested)
        {
            return TypedResults.Problem("The measurement was given up: a run was launched, or somebody cancelled it.",
                statusCode: StatusCodes.Status409Conflict);
        }

        return TypedResults.Problem("The device is in use; measure when no run has it or waits for it.",
            statusCode: StatusCodes.Status409Conflict);
    }

    private static async Task<Ok<ScoredResponse[]>> Score(
        Body<ScoreRequest> body, FeatureCatalog own, StartingPlan starting, LabScorer judge, DataRoots roots,
        CancellationToken cancellation)
    {
        var request = body.Value;
        if (request.Data is { } data) roots.RequireFile("data", data);
        roots.RequireRelevance(request.Relevance);
        if (request.Items.Count > MostItems)
            throw new BadHttpRequestException($"{request.Items.Count} items; at most {MostItems} are scored at once.");
        var design = RewardDesign.Parse(request.Design, own.All);
        var items = request.Items.Select((item, i) => item.ToPrompt(i)).ToArray();
        var prompts = request.Data is null ? new PromptSet("items", items) : PromptSet.Load(request.Data);
        using var relevance = RelevanceModels.Create(request.Relevance, prompts);
        var scorer = new RewardScorer(design, relevance, PromptTemplate.Named(request.Template), request.MaxResponseTokens);
        var breakdowns = scorer.Score(items, [.. request.Items.Select(i => i.Response)]);
        var golds = request.Gold is null ? null
            : await judge.Gold(starting.Of(null) with { Gold = request.Gold },
                [.. request.Items.Select(i => new GoldItem(i.Query, i.Response))], cancellation);
        return TypedResults.Ok(breakdowns
            .Select((b, i) => new ScoredResponse(b.Features, b.Factors, b.Total, golds?[i].Reward, golds?[i].Cut, b.RelevanceCut))
                .ToArray());
    }
}

/// <summary>A design in all its forms.</summary>
/// <param name="Title">The preset's name where it is one, else the text.</param>
/// <param name="Text">The canonical text.</param>
/// <param name="Hash">Names it in runs and files.</param>
/// <param name="Branching">Whether the query types have rows of their own.</param>
/// <param name="Features">Symbols it uses.</param>
public sealed record DesignInfo(string Title, string Text, string Hash, bool Branching, IReadOnlyList<string> Features)
{
    internal static DesignInfo Of(RewardDesign design) => new(design.Title, design.Text, design.Hash, design.Branching, design.Symbols);
}

/// <summary>An option of a plan.</summary>
/// <param name="Name">As on the command line, without dashes.</param>
/// <param name="Group">What it belongs to.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Default">Its default; empty where it has none.</param>
/// <param name="Allowed">The interval it must lie in; empty where every value is allowed.</param>
public sealed record OptionInfo(string Name, string Group, string Summary, string Default, string Allowed);

/// <summary>A response's reward with all that made it.</summary>
/// <param name="Features">Every feature that is known, by symbol.</param>
/// <param name="Factors">Every factor of the product.</param>
/// <param name="Total">The reward.</param>
/// <param name="Gold">Its gold reward; null where no gold model was asked.</param>
/// <param name="GoldCut">Whether the gold model read it only in part; null where none was asked, or a server does not say.</param>
/// <param name="RelevanceCut">Whether the relevance model read response, query or reference only in part.</param>
public sealed record ScoredResponse(IReadOnlyDictionary<string, double> Features, IReadOnlyDictionary<string, double> Factors,
    double Total, double? Gold = null, bool? GoldCut = null,
    bool RelevanceCut = false);
