using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;

namespace Rer.Web.Api;

/// <summary>Sweeps over HTTP.</summary>
internal static class SweepApi
{
    private const int MostBytes = 16 << 20;

    /// <summary>Adds the endpoints below `/sweeps`.</summary>
    public static void MapSweeps(this IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapGet("/", (IRunStore store) => TypedResults.Ok(Sweep.Of(store.Runs()))).WithName("listSweeps")
            .WithSummary("Sweeps, newest first, with their runs in the order of the queue");
        sweeps.MapPost("/", Launch).WithName("launchSweep").WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .WithSummary("Queues several plans as one sweep, all or none");
        sweeps.MapGet("/{id}", Get).WithName("getSweep").WithSummary("A sweep with its runs in the order of the queue");
        sweeps.MapPost("/{id}/pause", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.PauseSweep)).WithName("pauseSweep")
            .WithSummary("Pauses the runs that wait or train; each keeps its place");
        sweeps.MapPost("/{id}/resume", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.ResumeSweep)).WithName("resumeSweep")
            .WithSummary("Queues its paused, stopped and failed runs again");
        sweeps.MapPost("/{id}/stop", (string id, RunCoordinator c, IRunStore s) => Act(id, s, c.StopSweep)).WithName("stopSweep")
            .WithSummary("Stops every run that has not ended: the one that trains after its step, the others before they begin");
    }

    private static Created<LaunchedRun[]> Launch(Body<SweepRequest> body, RunCoordinator coordinator, IRunStore store)
    {
        var (name, plans) = body.Value;
        if (plans.Count == 0) throw new BadHttpRequestException("plans: is empty. A sweep has one plan or more.");
        var ids = coordinator.LaunchSweep(plans, name);
        var address = $"/api/sweeps/{store.Run(ids[0])!.SweepId}";
        return TypedResults.Created(address, ids.Select(id => new LaunchedRun(id, $"/runs/{id}")).ToArray());
    }

    private static Results<Ok<Sweep>, NotFound> Get(string id, IRunStore store) =>
        Find(store, id) is { } sweep ? TypedResults.Ok(sweep) : TypedResults.NotFound();

    private static Results<Ok<Sweep>, NotFound> Act(string id, IRunStore store, Func<string, int> action)
    {
        if (Find(store, id) is null) return TypedResults.NotFound();
        action(id);
        return TypedResults.Ok(Find(store, id)!);
    }

    private static Sweep? Find(IRunStore store, string id) =>
        Sweep.Of(store.Runs(new RunFilter { SweepId = id })) is [var sweep] ? sweep : null;
}

/// <summary>Several plans to queue as one.</summary>
/// <param name="Name">What the sweep is called.</param>
/// <param name="Plans">The plans, in the order they are to run.</param>
public sealed record SweepRequest(string Name, IReadOnlyList<RunPlan> Plans);
