using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;

namespace Rer.Web.Tests.Stores;

/// <summary>Runs made up for the pages to show.</summary>
public static class SampleStore
{
    /// <summary>When the first of them was launched.</summary>
    public static readonly DateTimeOffset Begin = new(2026, 7, 30, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Adds one run and drives it through the store as a session would.</summary>
    /// <param name="store">The store.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="until">Steps completed.</param>
    /// <param name="end">The state it is in then.</param>
    /// <param name="stepsBetween">Steps between two recorded ones.</param>
    /// <param name="reason">Why it is in that state.</param>
    /// <returns>Its id.</returns>
    public static string Add(IRunStore store, RunPlan plan, int until, RunState end, int stepsBetween = 10, string? reason = null,
        string? sweep = null)
    {
        var id = $"260730-0900-{string.Concat(plan.Design.Title.ToLowerInvariant().Where(char.IsLetter))}-s{plan.Seed}";
        for (var n = 2; store.Run(id) is not null; n++) id = $"{id.TrimEnd('-')}-{n}";
        store.Add(RunRecord.Of(id, plan, Begin) with
        {
            SweepId = sweep is null ? null : "260730-0900-sweep",
            SweepName = sweep,
            QueuePosition = end == RunState.Queued ? 1 : null,
        });
        var at = Begin;
        void Append(RunEvent happened) => store.Append(id, [happened with { At = at }]);
        Append(new StateChanged(RunState.Queued, null));
        if (end == RunState.Queued) return id;
        Append(new StateChanged(RunState.Starting, null));
        Append(new StateChanged(RunState.Running, null));
        var sample = new SampleRun(plan, plan.Seed);
        var steps = new List<RunEvent>();
        for (var step = 0; step <= until; step++)
        {
            at = Begin.AddSeconds(2.31 * step + 250.0 * (1 + step / plan.Evaluation.Every));
            if (step > 0 && step % stepsBetween == 0) steps.Add(new StepCompleted(sample.Step(step)) { At = at });
            if (step % plan.Evaluation.Every != 0) continue;
            if (steps.Count > 0) store.Append(id, steps);
            steps.Clear();
            store.Append(id, [new EvaluationCompleted(sample.Evaluation(step)) { At = at }], sample.Rollouts(step));
            Append(new CheckpointSaved(step, $"checkpoints/{step}"));
        }
        if (steps.Count > 0) store.Append(id, steps);
        if (end != RunState.Running) Append(new StateChanged(end, reason));
        return id;
    }

    /// <summary>A store like the one the mockups show.</summary>
    public static void Fill(IRunStore store)
    {
        foreach (var design in new[] { "RER", "LI*RP*QR", "LI" })
            for (var seed = 1; seed <= 3; seed++)
                Add(store, SampleRun.Plan(design, seed, 5000), 5000, RunState.Finished, 50, sweep: "sweep 14");
        var first = Add(store, SampleRun.Plan("LI*RP"), 5210, RunState.Stopped);
        store.SetStarred(first, true);
        store.SetNote(first, "figure 3 of the draft");
        store.SetTags(first, ["draft"]);
        Add(store, SampleRun.Plan("LI*QR", 1, 5000), 1200, RunState.Failed, 50, "Item 2,091: LI is NaN. A feature must be finite.");
    }

    /// <summary>Lets a stopped run train, as slowly as the server's session does, and queues another behind it.</summary>
    public static async Task Train(IRunStore store, RunCoordinator coordinator, string runId)
    {
        await File.WriteAllTextAsync(Path.Combine(store.RunFolder(runId), "step"), $"{store.Run(runId)!.Step}");
        coordinator.Resume(runId);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (store.Run(runId)!.State != RunState.Running) await Task.Delay(20, patience.Token);
        Add(store, SampleRun.Plan("LI*QR", 2, 5000), 0, RunState.Queued);
    }
}
