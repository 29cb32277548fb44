using Microsoft.Extensions.DependencyInjection;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Web.Components.Design;
using Rer.Web.Tests.Browser;

namespace Rer.Web.Tests.Components;

public sealed class CostPanelTests : IDisposable
{
    // What it names is there: a measurement begins by checking that.
    private static readonly RunPlan Plan = PlaygroundPlans.Find()!.Plan(RewardDesign.Parse("LI"));

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-cost-").FullName;
    private readonly RunStore _store;
    private readonly RunFeed _feed;
    private readonly RunCoordinator _coordinator;
    private readonly PlanBenchmarkService _measurements;
    private readonly SemaphoreSlim _go = new(0);

    public CostPanelTests()
    {
        _store = RunStore.Open(_folder);
        _feed = new RunFeed(_store);
        _coordinator = new RunCoordinator(_store, _feed, (_, _) => throw new InvalidOperationException("Nothing is trained here."));
        _measurements = new PlanBenchmarkService(_store, _coordinator, (_, progress, cancellation) =>
        {
            progress(1);
            _go.Wait(cancellation);
            return DashboardServer.Measured;
        });
    }

    public void Dispose()
    {
        _measurements.Dispose();
        _coordinator.Dispose();
        _feed.Dispose();
        _store.Dispose();
        _go.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_plan_that_was_not_measured_says_so_and_offers_to_measure_it()
    {
        var html = await Panel(Estimate(null));
        Assert.Contains("<b data-cost-time>not measured yet</b>", html, StringComparison.Ordinal);
        Assert.Contains("training, 1,000 steps", html, StringComparison.Ordinal);
        Assert.Contains(">Measure one step</button>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measured_plan_has_the_range_of_its_time_and_says_what_it_spans()
    {
        var html = await Panel(Estimate(RunTiming.Of(DashboardServer.Measured)));
        // 1,000 steps of 0.25 to 0.5 s and 11 evaluations of 4 to 8 s.
        Assert.Contains("<b data-cost-time>5 to 10 min</b>", html, StringComparison.Ordinal);
        Assert.Contains("11 evaluations, 4.0 to 8.0 s each", html, StringComparison.Ordinal);
        Assert.Contains("From responses as they are now, 23 tokens, to every one at its limit, 64.", html, StringComparison.Ordinal);
        Assert.Contains(">Measure again</button>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_taken_from_a_run_names_the_run()
    {
        var html = await Panel(Estimate(new RunTiming(0.3, 0.3, 5, 5, "260730-0900-li-s1", null)));
        Assert.Contains("<a href=\"/runs/260730-0900-li-s1\">260730-0900-li-s1</a>", html, StringComparison.Ordinal);
        Assert.Contains("<b data-cost-time>5 min 55 s</b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_memory_than_the_machine_has_is_said()
    {
        Assert.Contains("more than there is", await Panel(Estimate(null, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 2.0)),
            StringComparison.Ordinal);
        Assert.DoesNotContain("more than there is", await Panel(Estimate(null)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_measurement_that_another_page_began_is_followed()
    {
        Assert.NotNull(_measurements.Begin(Plan));
        var html = await Panel(Estimate(null));
        Assert.Contains("Measuring", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Measurement\"", html, StringComparison.Ordinal);
        Assert.Contains(">Cancel</button>", html, StringComparison.Ordinal);
        _go.Release();
    }

    [Fact]
    public async Task A_plan_whose_cost_cannot_be_told_says_why()
    {
        var html = await Html.Of<CostPanel>(Provide, ("Plan", Plan), ("Problem", "/none is not a folder."));
        Assert.Contains("/none is not a folder.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<button", html, StringComparison.Ordinal);
    }

    private static RunEstimate Estimate(RunTiming? timing, double bytes = 300 << 20) =>
        new([new MemoryPart("Activations and logits", bytes)], timing, 11, 1000, 2 << 20);

    private void Provide(IServiceCollection services) => services.AddSingleton(_measurements);

    private Task<string> Panel(RunEstimate estimate) => Html.Of<CostPanel>(Provide, ("Plan", Plan), ("Estimate", estimate));
}
