using System.Collections.Concurrent;
using System.Security.Cryptography;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Playground.Study;

/// <summary>
/// The study in miniature: the three designs of <see cref="PlaygroundPlans.Designs"/> by several seeds, with a table, findings, figures
/// and the raw evaluations. A run whose results are there already, under the same plan on the same models and data, is not run again;
/// where the gold model alone is another, its responses are scored again.
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
    /// <exception cref="InvalidOperationException">Runs failed; a line each says which and why. The others were driven to their
    /// end.</exception>
    public IReadOnlyList<StudyRun> Run(IReadOnlyList<int> seeds, CancellationToken stop = default)
    {
        Directory.CreateDirectory(folder);
        // By seed first, so that a study that was stopped has all designs of the seeds it has.
        var waiting = new ConcurrentQueue<(RewardPreset Design, RunPlan Plan)>(
            seeds.SelectMany(seed => PlaygroundPlans.Designs.Select(design => (design, plan(design.Design, seed)))));
        var runs = new ConcurrentBag<StudyRun>();
        var failures = new ConcurrentBag<string>();
        Task.WaitAll([.. Enumerable.Range(0, Jobs).Select(_ => Task.Factory.StartNew(Work, TaskCreationOptions.LongRunning))],
            CancellationToken.None);
        if (!failures.IsEmpty) throw new InvalidOperationException(string.Join('\n', failures));
        StudyRun[] ordered =
            [.. PlaygroundPlans.Designs.SelectMany(design => runs.Where(run => run.Design == design.Name).OrderBy(run => run.Seed))];
        if (ordered.Length == seeds.Count * PlaygroundPlans.Designs.Count) Report(ordered);
        return ordered;

        void Work()
        {
            while (!stop.IsCancellationRequested && waiting.TryDequeue(out var next))
            {
                try
                {
                    if (Conduct(next.Design, next.Plan, stop) is { } run) runs.Add(run);
                }
                catch (InvalidOperationException failure)
                {
                    failures.Add(failure.Message);
                }
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
        var (materials, judge) = (Fingerprint(Weights(plan.Policy), plan.Data, plan.EvaluationData), Fingerprint(Weights(plan.Gold)));
        var shipped = PlaygroundPlans.WithShippedPaths(plan);
        var path = Path.Combine(folder, $"{plan.Design.Hash}-seed{plan.Seed}-{shipped.Hash}.json");
        if (File.Exists(path) && StudyRun.Read(path) is var before && (before.Materials, before.Judge) == (materials, judge))
        {
            log($"{title}: done before");
            return before;
        }

        log($"{title}: {plan.Ppo.Steps} steps");
        if (drive(plan, $"{shipped.Hash}-{materials}", stop) is not { } outcome) return null;
        var evaluations = StudyJudge.Judge(plan, outcome, line => log($"{title}: {line}"));
        var run = new StudyRun(design.Name, plan.Seed, shipped.Hash, materials, judge, shipped, Math.Round(outcome.Seconds), evaluations);
        run.Write(path);
        log($"{title}: {run.Seconds} s, {run.Monotonicity.Verdict.Title()}. {run.Monotonicity.Rule}");
        return run;
    }

    private static string? Weights(string? model) => model is null ? null : Path.Combine(model, "model.safetensors");

    /// <summary>Identifies what a plan names by path alone: 12 hexadecimal digits of SHA-256 over the files.</summary>
    private static string Fingerprint(params ReadOnlySpan<string?> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            if (file is not null) hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
