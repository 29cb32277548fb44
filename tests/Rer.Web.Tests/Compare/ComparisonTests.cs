using Microsoft.Extensions.DependencyInjection;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Storage;
using Rer.Web.Charts;
using Rer.Web.Compare;
using Rer.Web.Components.Compare;
using Rer.Web.Tests.Components;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Compare;

public sealed class ComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-compare-").FullName;
    private readonly RunStore _store;

    public ComparisonTests() => _store = RunStore.Open(_folder);

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Two_learning_rates_are_two_columns_that_say_so()
    {
        var comparison = Compare(("LI", 1, 5e-4), ("LI", 2, 5e-4), ("LI", 1, 2e-3));
        Assert.Equal(["LI, learning rate 5e-4", "LI, learning rate 0.002"], comparison.Groups.Select(g => g.Title)
            .OrderBy(t => t.EndsWith('2')));
        Assert.Equal([1, 2], comparison.Groups.Select(g => g.Runs.Count).Order());
        Assert.Equal("Learning rate", Assert.Single(comparison.Differences).Option);
        Assert.Equal(["learning-rate"], comparison.Axes);
    }

    [Fact]
    public void Seeds_of_one_plan_are_one_column_with_the_designs_name_alone()
    {
        var comparison = Compare(("LI", 1, 5e-4), ("LI", 2, 5e-4), ("RER", 1, 5e-4));
        Assert.Equal(["LI", "RER"], comparison.Groups.Select(g => g.Title).Order());
        Assert.Empty(comparison.Axes);
        Assert.Equal(["Branch by query type", "Features"], comparison.Differences.Select(d => d.Option));
    }

    [Fact]
    public void An_option_that_parts_designs_is_named_with_both()
    {
        var comparison = Compare(("LI", 1, 5e-4), ("RER", 1, 2e-3));
        Assert.All(comparison.Groups, g => Assert.Contains("learning rate", g.Title, StringComparison.Ordinal));
        var heading = CompareCharts.Numbers(comparison, CompareRow.ProxyAndGold, Scale.Raw).Columns.Select(c => c.Name);
        Assert.Contains("RER, learning rate 0.002, Gold", heading);
    }

    [Fact]
    public void A_seed_run_twice_is_noted()
    {
        var comparison = Compare(("LI", 1, 5e-4), ("LI", 1, 5e-4));
        Assert.Equal("2 runs of 1 seed", comparison.Groups[0].Seeds);
        Assert.Contains(comparison.Notes, n => n.StartsWith("LI: 2 runs of 1 seed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_result_has_the_option_as_a_column()
    {
        var html = await Html.Of<CompareResult>(("Comparison", Compare(("LI", 1, 5e-4), ("LI", 1, 2e-3))));
        Assert.Contains("<th scope=\"col\">Learning rate</th>", html, StringComparison.Ordinal);
        Assert.Contains("<td>5e-4</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_that_gold_read_only_in_part_are_counted_beside_the_result()
    {
        var id = Add(("LI", 1, 5e-4))[0].Id;
        var cuts = CutTexts.Of([(QueryType.OpenEnded, true, false), (QueryType.OpenEnded, false, false),
            (QueryType.ClosedEnded, false, false)]);
        _store.Append(id, [new EvaluationCompleted(_store.Evaluations(id)[^1] with { Step = 600, Cuts = cuts })], []);
        var html = await Html.Of<CompareResult>(("Comparison", Comparison.Of([_store.Run(id)!], _store)));
        Assert.Contains("LI 1 of 3 (open-ended 1 of 2, closed-ended 0 of 1).", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-cut", await Html.Of<CompareResult>(("Comparison", Compare(("RER", 1, 5e-4)))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweeps_table_has_the_option_as_a_column_too()
    {
        var runs = Add(("LI", 1, 5e-4), ("LI", 1, 2e-3));
        using var feed = new RunFeed(_store);
        using var coordinator = new RunCoordinator(_store, feed, (_, _) => throw new InvalidOperationException("Nothing is trained here."));
        var html = await Html.Of<SweepProgress>(
            services =>
            {
                services.AddSingleton<IRunStore>(_store);
                services.AddSingleton(coordinator);
            },
            ("SweepId", "s"),
            ("Runs", runs));
        Assert.Matches("<th[^>]*>Learning rate</th>", html);
        Assert.Matches("<td class=\"axis\"[^>]*>0.002</td>", html);
        Assert.Contains("LI seed 1, learning rate 0.002", html, StringComparison.Ordinal);
    }

    private Comparison Compare(params (string Design, int Seed, double Rate)[] runs) => Comparison.Of(Add(runs), _store);

    private RunRecord[] Add(params (string Design, int Seed, double Rate)[] runs) =>
    [
        .. runs.Select(run =>
        {
            var plan = SampleRun.Plan(run.Design, run.Seed, 500, 100);
            return _store.Run(SampleStore.Add(_store, plan with { Ppo = plan.Ppo with { LearningRate = run.Rate } }, 500,
                RunState.Finished, 100))!;
        }),
    ];
}
