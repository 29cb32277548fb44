using System.Xml.Linq;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Gold;
using Rer.Engine.Playground;
using Rer.Engine.Playground.Study;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Engine.Tests.Playground;

public sealed class PlaygroundStudyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-study").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_short_study_gives_a_table_figures_and_results_that_are_not_run_again()
    {
        var runs = Study(out var log);
        Assert.Equal(["LI", "LI*RP*QR", "RER"], runs.Select(run => run.Design));
        Assert.All(runs, run =>
        {
            Assert.Equal([0, 1, 2], run.Evaluations.Select(evaluation => evaluation.Step));
            Assert.Equal(Path.Combine("data", "playground", "policy"), run.Plan.Policy); // whatever folder it was run from
            Assert.All(run.Gold, gold => Assert.True(double.IsFinite(gold)));
            Assert.All(QueryTypes.All,
                type => Assert.All(run.Of(new MetricColumn(new SelfBleu(), type)), bleu => Assert.InRange(bleu, 0, 1)));
        });
        Assert.Contains("| RER | 1 |", File.ReadAllText(Path.Combine(_folder, "results", "table.md")));
        Assert.Contains("of 1 seeds", File.ReadAllText(Path.Combine(_folder, "results", "table.md")));
        foreach (var figure in new[] { "proxy-gold", "gold-by-type", "self-bleu" })
        {
            Assert.Equal("svg", XDocument.Load(Path.Combine(_folder, "results", figure + ".svg")).Root!.Name.LocalName);
            Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(Path.Combine(_folder, "results", figure + ".png"))[1..4]);
        }

        var again = Study(out var secondLog);
        Assert.All(secondLog, line => Assert.EndsWith("done before", line));
        Assert.Equal(runs.Select(run => run.PlanHash), again.Select(run => run.PlanHash));
        Assert.Equal(runs.SelectMany(run => run.Gold), again.SelectMany(run => run.Gold));
    }

    [Fact]
    public void The_shipped_results_are_of_the_shipped_plans_models_and_data()
    {
        var shipped = Path.Combine(RepositoryRoot.Path, "data", "playground", "study");
        var results = Directory.CreateDirectory(Path.Combine(_folder, "results")).FullName;
        foreach (var path in Directory.GetFiles(shipped, "*-seed*.json", SearchOption.AllDirectories))
        {
            var run = StudyRun.Read(path);
            Assert.Equal(Path.Combine("data", "playground", "policy"), run.Plan.Policy);
            Assert.Equal($"{run.Plan.Design.Hash}-seed{run.Seed}-{run.Plan.Hash}.json", Path.GetFileName(path));
            File.Copy(path, Path.Combine(results, Path.GetFileName(path)));
        }

        var plans = PlaygroundPlans.Find(RepositoryRoot.Path)!;
        var study = new PlaygroundStudy(
            (design, seed) => plans.Plan(design, seed),
            (plan, _, _) => throw new InvalidOperationException($"{plan.Design.Title}, seed {plan.Seed}: is not there"), results, _ => { });
        study.Run(PlaygroundPlans.StudySeeds);
        Assert.Equal(File.ReadAllText(Path.Combine(shipped, "table.md")), File.ReadAllText(Path.Combine(results, "table.md")));
    }

    [Fact]
    public void A_run_that_fails_is_named_and_the_others_are_driven_to_their_end()
    {
        var plans = PlaygroundPlans.Find(RepositoryRoot.Path)!;
        var driven = new List<string>();
        var study = new PlaygroundStudy((design, seed) => plans.Plan(design, seed), Drive, Path.Combine(_folder, "results"), _ => { });
        var failure = Assert.Throws<InvalidOperationException>(() => study.Run([1, 2]));
        Assert.Equal(6, driven.Count);
        Assert.Equal(6, failure.Message.Split('\n').Length);
        Assert.Contains("RER: the disk is full", failure.Message);
        Assert.False(File.Exists(Path.Combine(_folder, "results", "table.md")));

        StudyOutcome? Drive(RunPlan plan, string name, CancellationToken stop)
        {
            driven.Add(name);
            throw new InvalidOperationException($"{plan.Design.Title}: the disk is full");
        }
    }

    [Fact]
    public void Stored_responses_scored_again_give_the_figures_the_run_gave()
    {
        Study(out _);
        using var store = RunStore.Open(Path.Combine(_folder, "runs"));
        var run = store.Runs()[0];
        var outcome = StudyOutcome.Of(store, run);
        foreach (var (evaluation, rollouts) in outcome.Evaluations.Zip(outcome.Rollouts))
        {
            var same = StudyJudge.Judged(evaluation, rollouts, [.. rollouts.Select(rollout => new GoldScore(rollout.Gold, false))],
                run.Plan.Seed);
            Assert.Equal(evaluation.GoldByQuery, same.GoldByQuery);
            Assert.Equal(evaluation.Gold, same.Gold);
            Assert.All(QueryTypes.All, type => Assert.Equal(evaluation.ByType[type], same.ByType[type]));
            var higher = StudyJudge.Judged(evaluation, rollouts, [.. rollouts.Select(rollout => new GoldScore(rollout.Gold + 1, false))],
                run.Plan.Seed);
            Assert.Equal(evaluation.Gold.Mean + 1, higher.Gold.Mean, 9);
        }

        Assert.Same(outcome.Evaluations, StudyJudge.Judge(run.Plan, outcome, line => Assert.Fail(line)));
        var spoilt = outcome with
        {
            Rollouts = [.. outcome.Rollouts.Select(
            rollouts => (IReadOnlyList<EvaluationSample>)[.. rollouts.Select(rollout => rollout with { Gold = rollout.Gold - 1 })])]
        };
        var judged = StudyJudge.Judge(run.Plan, spoilt, _ => { });
        Assert.All(outcome.Evaluations.Zip(judged), pair => Assert.Equal(pair.First.Gold.Mean, pair.Second.Gold.Mean, 4));
    }

    private IReadOnlyList<StudyRun> Study(out List<string> log)
    {
        var lines = log = [];
        var plans = PlaygroundPlans.Find(RepositoryRoot.Path)!;
        using var store = RunStore.Open(Path.Combine(_folder, "runs"));
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (plan, context) => new RunSession(plan, context));
        var study = new PlaygroundStudy(
            (design, seed) => plans.Plan(design, seed, steps: 2, evaluateEvery: 1) with
            {
                Evaluation = new EvaluationOptions { Every = 1, Responses = 2, Queries = 8 },
            },
            Drive,
            Path.Combine(_folder, "results"),
            lines.Add);
        return study.Run([1]);

        StudyOutcome? Drive(RunPlan plan, string name, CancellationToken stop)
        {
            var id = coordinator.Launch(plan);
            Assert.Equal(RunState.Finished, coordinator.RunNow(id, stop));
            return StudyOutcome.Of(store, store.Run(id)!);
        }
    }
}
