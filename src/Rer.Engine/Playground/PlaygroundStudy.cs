using System.Collections.Concurrent;
using System.Security.Cryptography;
using Rer.Engine.Evaluation;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;

namespace Rer.Engine.Playground;

/// <summary>
/// The study in miniature: the three designs of <see cref="PlaygroundPlans.Designs"/> by several seeds, with a table, findings, figures
/// and the raw evaluations. A run whose results are there already, under the same plan on the same models and data, is not run again.
/// </summary>
/// <param name="plan">The plan of a design and a seed; <see cref="PlaygroundPlans.Plan"/> for the shipped study.</param>
/// <param name="drive">
/// Drives a plan to its end under a name of its own, which is the same whenever the same run is asked for again; null where it was
/// stopped. It throws <see cref="InvalidOperationException"/> where the run failed.
/// </param>
/// <param name="folder">Where results go; `study` in the playground's folder is where the shipped ones are.</param>
/// <param name="log">Told what is being done, a line at a time, from several threads where there are several jobs.</param>
public sealed class PlaygroundStudy(
    Func<RewardDesign, int, RunPlan> plan, Func<RunPlan, string, CancellationToken, StudyOutcome?> drive, string folder, Action<string> log)
{
    /// <summary>Runs driven at a time. Default 1.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>Runs what is missing, then writes table, findings and figures.</summary>
    /// <param name="seeds">Seeds; the shipped study has 1 to 3.</param>
    /// <param name="stop">Stops what is under way; a later call goes on.</param>
    /// <returns>The runs by design, then seed; fewer where it was stopped.</returns>
    /// <exception cref="AggregateException">Runs failed; each inner message has the reason.</exception>
    public IReadOnlyList<StudyRun> Run(IReadOnlyList<int> seeds, CancellationToken stop = default)
    {
        Directory.CreateDirectory(folder);
        // By seed first, so that a study that was stopped has all designs of the seeds it has.
        var waiting = new ConcurrentQueue<(RewardPreset Design, RunPlan Plan)>(
            seeds.SelectMany(seed => PlaygroundPlans.Designs.Select(design => (design, plan(design.Design, seed)))));
        var runs = new ConcurrentBag<StudyRun>();
        Task.WaitAll([.. Enumerable.Range(0, Jobs).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning))], CancellationToken.None);
        StudyRun[] ordered = [.. PlaygroundPlans.Designs.SelectMany(design => runs.Where(run => run.Design == design.Name).OrderBy(run => run.Seed))];
        if (ordered.Length == seeds.Count * PlaygroundPlans.Designs.Count) Report(ordered);
        return ordered;

        void Work()
        {
            while (!stop.IsCancellationRequested && waiting.TryDequeue(out var next))
            {
                if (Conduct(next.Design, next.Plan, stop) is { } run) runs.Add(run);
            }
        }
    }

    /// <summary>The runs as Markdown: a table, and what they say of each finding of the paper.</summary>
    public static string Summary(IReadOnlyList<StudyRun> runs) => $"{StudyTable.Render(runs)}\n{StudyFindings.Render(runs)}";

    private void Report(StudyRun[] runs)
    {
        File.WriteAllText(Path.Combine(folder, "table.md"), Summary(runs));
        StudyFigures.Write(folder, runs);
    }

    private StudyRun? Conduct(RewardPreset design, RunPlan plan, CancellationToken stop)
    {
        var title = $"{design.Name}, seed {plan.Seed}";
        var materials = Fingerprint(plan);
        var path = Path.Combine(folder, $"{plan.Design.Hash}-seed{plan.Seed}-{plan.Hash}.json");
        if (File.Exists(path) && StudyRun.Read(path) is var before && before.Materials == materials)
        {
            log($"{title}: done before");
            return before;
        }

        log($"{title}: {plan.Ppo.Steps} steps");
        if (drive(plan, $"{plan.Hash}-{materials}", stop) is not { } outcome) return null;
        var run = new StudyRun(design.Name, plan.Seed, plan.Hash, materials, plan, Math.Round(outcome.Seconds), outcome.Evaluations);
        run.Write(path);
        log($"{title}: {run.Seconds} s, {run.Monotonicity.Verdict.Title()}. {run.Monotonicity.Rule}");
        return run;
    }

    /// <summary>Identifies what a plan names by path alone: 12 hexadecimal digits of SHA-256 over policy, gold model and data.</summary>
    private static string Fingerprint(RunPlan plan)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string?[] files =
        [
            Path.Combine(plan.Policy, "model.safetensors"), plan.Gold is null ? null : Path.Combine(plan.Gold, "model.safetensors"), plan.Data,
            plan.EvaluationData,
        ];
        foreach (var file in files)
        {
            if (file is not null) hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
