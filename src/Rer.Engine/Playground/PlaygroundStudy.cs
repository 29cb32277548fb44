using Rer.Engine.Evaluation;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;

namespace Rer.Engine.Playground;

/// <summary>
/// The study in miniature: the three designs of <see cref="PlaygroundPlans.Designs"/> by several seeds, one run after another, with a
/// table, figures and the raw evaluations. A run whose results are there already, under the same plan, is not run again.
/// </summary>
/// <param name="plan">The plan of a design and a seed; <see cref="PlaygroundPlans.Plan"/> for the shipped study.</param>
/// <param name="coordinator">Drives the runs; nothing else may train in its store.</param>
/// <param name="store">The coordinator's store.</param>
/// <param name="folder">Where results go; `study` in the playground's folder is where the shipped ones are.</param>
/// <param name="log">Told what is being done, a line at a time.</param>
public sealed class PlaygroundStudy(Func<RewardDesign, int, RunPlan> plan, RunCoordinator coordinator, RunStore store, string folder, Action<string> log)
{
    /// <summary>Runs what is missing, then writes table and figures.</summary>
    /// <param name="seeds">Seeds; the shipped study has 1 to 6.</param>
    /// <param name="stop">Stops the run under way after its step; a later call resumes it.</param>
    /// <returns>The runs by design, then seed; fewer where it was stopped.</returns>
    /// <exception cref="InvalidOperationException">A run failed; the message has its reason.</exception>
    public IReadOnlyList<StudyRun> Run(IReadOnlyList<int> seeds, CancellationToken stop = default)
    {
        Directory.CreateDirectory(folder);
        var runs = new List<StudyRun>();
        foreach (var (design, seed) in PlaygroundPlans.Designs.SelectMany(design => seeds.Select(seed => (design, seed))))
        {
            if (Conduct(design, plan(design.Design, seed), stop) is not { } run) break;
            runs.Add(run);
        }

        if (runs.Count == 0) return runs;
        File.WriteAllText(Path.Combine(folder, "table.md"), StudyTable.Render(runs));
        if (runs.Count == seeds.Count * PlaygroundPlans.Designs.Count) StudyFigures.Write(folder, runs);
        return runs;
    }

    /// <summary>The runs as a Markdown table: gold, rho, verdict, the query types' gold and Self-BLEU.</summary>
    public static string Table(IReadOnlyList<StudyRun> runs) => StudyTable.Render(runs);

    private StudyRun? Conduct(RewardPreset design, RunPlan plan, CancellationToken stop)
    {
        var path = Path.Combine(folder, $"{plan.Design.Hash}-seed{plan.Seed}-{plan.Hash}.json");
        if (File.Exists(path))
        {
            log($"{design.Name}, seed {plan.Seed}: done before");
            return StudyRun.Read(path);
        }

        var known = store.RunOf(plan);
        var id = known?.Id ?? coordinator.Launch(plan);
        if (known?.State != RunState.Finished)
        {
            log($"{design.Name}, seed {plan.Seed}: {plan.Ppo.Steps} steps (run {id})");
            var state = coordinator.RunNow(id, stop);
            if (state == RunState.Failed) throw new InvalidOperationException($"{design.Name}, seed {plan.Seed} (run {id}): {store.Run(id)?.Reason}");
            if (state != RunState.Finished) return null;
        }

        var run = new StudyRun(design.Name, plan.Seed, plan.Hash, plan, Math.Round(store.Run(id)!.ActiveSeconds), store.Evaluations(id));
        run.Write(path);
        log($"{design.Name}, seed {plan.Seed}: {run.Seconds} s, {run.Monotonicity.Verdict.Title()}. {run.Monotonicity.Rule}");
        return run;
    }
}
