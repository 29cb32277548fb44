using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Export;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using Rer.Web.Rollouts;

namespace Rer.Web.Api;

/// <summary>Runs over HTTP: what the pages do.</summary>
internal static class RunApi
{
    /// <summary>Adds the endpoints below `/runs`.</summary>
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        var runs = api.MapGroup("/runs").WithTags("Runs");
        runs.MapGet("/", List).WithName("listRuns").WithSummary("Runs, newest first; `state` takes several with commas between");
        runs.MapPost("/", Launch).WithName("launchRun").WithSummary("Checks a plan and queues it; 400 lists everything wrong with it");
        runs.MapGet("/{id}", Get).WithName("getRun").WithSummary("A run with its evaluations and the newest log lines");
        runs.MapDelete("/{id}", Delete).WithName("deleteRun")
            .WithSummary("Removes a run with everything it wrote; not while it holds the device");
        runs.MapPatch("/{id}", Annotate).WithName("annotateRun").WithSummary("Sets note, tags or star");
        runs.MapGet("/{id}/verdict", Verdict).WithName("getVerdict").WithSummary("Whether the proxy is monotonic with gold so far");
        runs.MapGet("/{id}/alerts", Alerts).WithName("listAlerts")
            .WithSummary("What is or was amiss in the run: over-optimisation, KL, entropy, lengths");
        runs.MapGet("/{id}/metrics", Metrics).WithName("getMetrics")
            .WithSummary("Metrics over steps, thinned to at most `max` points each");
        runs.MapGet("/{id}/rollouts", Rollouts).WithName("listRollouts").WithSummary("Responses with their scores and ranks");
        runs.MapGet("/{id}/rescored", Rescored).WithName("rescoreRollouts")
            .WithSummary(
                "The same responses under another design: `design` is a preset's name or a formula; features are not measured again");
        runs.MapGet("/{id}/evaluations", Evaluations).WithName("listEvaluations")
            .WithSummary("Evaluations by step, with every query's scores");
        runs.MapGet("/{id}/export", Export).WithName("exportRun")
            .WithSummary("A run as a file: `format` csv (the table that `what` names), json or alpacaEval")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv", additionalContentTypes: "application/json");
        runs.MapGet("/{id}/events", Events).WithName("followRun").Produces<RunEvent>(StatusCodes.Status200OK, "text/event-stream")
            .WithSummary("The run's events from number `after` on, as server-sent events; they go on as the run does");
        runs.MapPost("/{id}/pause", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.Pause)).WithName("pauseRun")
            .WithSummary("Pauses after the step in progress");
        runs.MapPost("/{id}/resume", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.Resume)).WithName("resumeRun")
            .WithSummary("Queues a paused, stopped or failed run again");
        runs.MapPost("/{id}/stop", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.Stop)).WithName("stopRun")
            .WithSummary("Stops after the step in progress, with a checkpoint");
        runs.MapPost("/{id}/extend",
            (string id, Body<ExtendRequest> r, RunCoordinator c, IRunStore s) => Act(id, s, run => c.Extend(run, r.Value.Steps)))
            .WithName("extendRun").WithSummary("Sets how many steps the run takes in all");
        runs.MapPost("/{id}/move",
            (string id, Body<MoveRequest> r, RunCoordinator c, IRunStore s) => Act(id, s, run => c.Move(run, Place(r.Value))))
            .WithName("moveRun").WithSummary("Moves a queued or paused run to a place in the queue");
    }

    private static Ok<IReadOnlyList<RunRecord>> List(IRunStore store, string? text, string? state, string? design, string? tag,
        string? sweep, bool starred = false) =>
        TypedResults.Ok(store.Runs(new RunFilter
        {
            Text = text,
            States = [.. (state ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(s => ApiParameter.Parse<RunState>("state", s))],
            DesignHash = design,
            Tag = tag,
            SweepId = sweep,
            StarredOnly = starred,
        }));

    private static int Place(MoveRequest request) => (int)ApiParameter.Within("place", request.Place, 0);

    private static Created<LaunchedRun> Launch(Body<RunPlan> plan, RunCoordinator coordinator)
    {
        var id = coordinator.Launch(plan.Value);
        return TypedResults.Created($"/api/runs/{id}", new LaunchedRun(id, $"/runs/{id}"));
    }

    private static Results<Ok<RunSnapshot>, NotFound> Get(string id, IRunStore store) =>
        store.Snapshot(id, metrics: []) is { } snapshot ? TypedResults.Ok(snapshot) : TypedResults.NotFound();

    private static Results<NoContent, NotFound> Delete(string id, IRunStore store, RunCoordinator coordinator)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        coordinator.Delete(id);
        return TypedResults.NoContent();
    }

    private static Results<Ok<RunRecord>, NotFound> Annotate(string id, Body<AnnotateRequest> body, IRunStore store)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        var (note, tags, starred) = body.Value;
        // All or nothing: what is wrong with one is known before another is written.
        if (note is not null) RunLabels.Note(note);
        if (tags is not null) store.SetTags(id, tags);
        if (note is not null) store.SetNote(id, note);
        if (starred is { } star) store.SetStarred(id, star);
        return TypedResults.Ok(store.Run(id)!);
    }

    private static Results<Ok<MonotonicityReport>, NotFound> Verdict(string id, IRunStore store) =>
        store.Run(id)?.Monotonicity is { } report ? TypedResults.Ok(report) : TypedResults.NotFound();

    private static Results<Ok<IReadOnlyList<RunAlert>>, NotFound> Alerts(string id, IRunStore store) =>
        store.Run(id) is { } run ? TypedResults.Ok(RunAlerts.Find(store, run)) : TypedResults.NotFound();

    private static Results<Ok<IReadOnlyList<MetricSeries>>, NotFound> Metrics(string id, IRunStore store, string[]? names, int max = 2_000)
    {
        if (store.Run(id) is not { } run) return TypedResults.NotFound();
        ApiParameter.Within("max", max, 2, 100_000);
        var recorded = store.MetricNames(id);
        var wanted = names is { Length: > 0 } ? names.Distinct().ToArray() : recorded;
        // Before the first step nothing is recorded, and what will be is known.
        var known = recorded.Count > 0 ? recorded : Metric.Of(run.Plan.Design);
        if (wanted.Except(known).FirstOrDefault() is { } unknown)
            throw new BadHttpRequestException($"names: '{unknown}' is no metric of this run. Its metrics: {string.Join(", ", known)}.");
        return TypedResults.Ok(store.Metrics(id, wanted, max));
    }

    private static Results<Ok<RolloutPage>, NotFound> Rollouts(
        string id, IRunStore store, int? step, string? qtype, int? item, int? sample, string? text, bool? ended, string sort = "item",
        bool descending = false, int offset = 0, int limit = 100)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        return TypedResults.Ok(store.Rollouts(new RolloutQuery
        {
            RunId = id,
            Step = ApiParameter.NotNegative("step", step),
            QueryType = qtype is null ? null : QueryTypes.Parse(qtype),
            Item = ApiParameter.NotNegative("item", item),
            Sample = ApiParameter.NotNegative("sample", sample),
            Text = text,
            EndedWithEos = ended,
            Sort = ApiParameter.Parse<RolloutSort>("sort", sort),
            Descending = descending,
            Offset = (int)ApiParameter.Within("offset", offset, 0),
            Limit = (int)ApiParameter.Within("limit", limit, 0, RolloutQuery.MaxLimit),
        }));
    }

    private static Results<Ok<RescoredRollout[]>, NotFound, ProblemHttpResult> Rescored(
        string id, string design, IRunStore store, FeatureCatalog own, int? step, string? qtype, int? item, int? sample, int offset = 0,
        int limit = 100)
    {
        if (store.Run(id) is not { } run) return TypedResults.NotFound();
        if (Rescoring.Read(run.Plan, design, own, out var error) is not { } under)
            return TypedResults.Problem(error ?? "design: missing. A preset's name or a formula.",
                statusCode: StatusCodes.Status400BadRequest);
        var page = store.Rollouts(new RolloutQuery
        {
            RunId = id,
            Step = ApiParameter.NotNegative("step", step),
            QueryType = qtype is null ? null : QueryTypes.Parse(qtype),
            Item = ApiParameter.NotNegative("item", item),
            Sample = ApiParameter.NotNegative("sample", sample),
            Offset = (int)ApiParameter.Within("offset", offset, 0),
            Limit = (int)ApiParameter.Within("limit", limit, 0, RolloutQuery.MaxLimit),
        });
        return TypedResults.Ok(page.Rows.Select(r => RescoredRollout.Of(r.Rollout, under)).ToArray());
    }

    private static Results<Ok<IReadOnlyList<EvaluationReport>>, NotFound> Evaluations(string id, IRunStore store) =>
        store.Run(id) is null ? TypedResults.NotFound() : TypedResults.Ok(store.Evaluations(id));

    private static Results<NotFound, FileContentHttpResult> Export(string id, IRunStore store, string format = "csv",
        string what = "evaluations", int? step = null, int sample = 0)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        ApiParameter.NotNegative("step", step);
        ApiParameter.Within("sample", sample, 0);
        var (known, table) = (ApiParameter.Parse<ExportFormat>("format", format), ApiParameter.Parse<ExportTable>("what", what));
        using var content = new StringWriter { NewLine = "\n" };
        new RunExport(store, id).Write(content, known, table, step, sample);
        var (type, name) = known switch
        {
            ExportFormat.Json => ("application/json", $"{id}.json"),
            ExportFormat.AlpacaEval => ("application/json", $"{id}-alpaca_eval.json"),
            _ => ("text/csv", $"{id}-{table.ToString().ToLowerInvariant()}.csv"),
        };
        return TypedResults.File(Encoding.UTF8.GetBytes(content.ToString()), type, name);
    }

    private static IResult Events(string id, IRunStore store, RunFeed feed, IHostApplicationLifetime program, HttpContext context,
        long after = 0)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        ApiParameter.Within("after", after, 0);
        // A browser that lost the connection says what it has seen.
        if (long.TryParse(context.Request.Headers["Last-Event-ID"].ToString(), out var last)) after = Math.Max(after, last);
        return TypedResults.ServerSentEvents(Stream(feed, id, after, program.ApplicationStopping, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<RunEvent>> Stream(
        RunFeed feed, string id, long after, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        await using var batches = feed.Watch(id, after, cancellation: either.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await Next())
            foreach (var happened in batches.Current)
                yield return new SseItem<RunEvent>(happened) { EventId = happened.Sequence > 0 ? $"{happened.Sequence}" : null };

        async ValueTask<bool> Next()
        {
            try
            {
                return await batches.MoveNextAsync();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The stream would keep the program from ending; its reader asks again where it left off.
                return false;
            }
        }
    }

    private static Results<Ok<RunRecord>, NotFound> Act(string id, IRunStore store, Action<string> action)
    {
        if (store.Run(id) is null) return TypedResults.NotFound();
        action(id);
        return TypedResults.Ok(store.Run(id)!);
    }
}

/// <summary>What a person writes on a run; what is null stays.</summary>
/// <param name="Note">The note.</param>
/// <param name="Tags">All tags.</param>
/// <param name="Starred">Whether it is starred.</param>
public sealed record AnnotateRequest(string? Note = null, IReadOnlyList<string>? Tags = null, bool? Starred = null);

/// <summary>More steps for a run.</summary>
/// <param name="Steps">Steps in all.</param>
public sealed record ExtendRequest(int Steps);

/// <summary>Where a run is to stand in the queue.</summary>
/// <param name="Place">0 is the next to run.</param>
public sealed record MoveRequest(int Place);
