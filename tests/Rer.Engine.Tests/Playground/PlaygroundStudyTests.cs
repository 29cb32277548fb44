using System.Xml.Linq;
using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Playground;
using Rer.Engine.Runs;

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
            Assert.All(run.Gold, gold => Assert.True(double.IsFinite(gold)));
            Assert.All(QueryTypes.All, type => Assert.All(run.SelfBleuOf(type), bleu => Assert.InRange(bleu, 0, 1)));
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

    private IReadOnlyList<StudyRun> Study(out List<string> log)
    {
        var lines = log = [];
        var plans = PlaygroundPlans.Find(RepositoryRoot.Path)!;
        using var store = RunStore.Open(Path.Combine(_folder, "runs"));
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (plan, context) => new RunSession(plan, context));
        var study = new PlaygroundStudy(
            (design, seed) => plans.Plan(design, seed, steps: 2, evaluateEvery: 1) with { Evaluation = new EvaluationOptions { Every = 1, Responses = 2, Queries = 8 } },
            Drive, Path.Combine(_folder, "results"), lines.Add);
        return study.Run([1]);

        StudyOutcome? Drive(RunPlan plan, string name, CancellationToken stop)
        {
            var id = coordinator.Launch(plan);
            Assert.Equal(RunState.Finished, coordinator.RunNow(id, stop));
            return new StudyOutcome(store.Run(id)!.ActiveSeconds, store.Evaluations(id));
        }
    }
}
