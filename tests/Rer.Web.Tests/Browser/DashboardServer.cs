using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rer.Engine.Runs.Measuring;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Web.Access;
using Rer.Web.Hosting;

namespace Rer.Web.Tests.Browser;

/// <summary>The dashboard over a store of its own, in this process.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Func<RunPlan, RunContext, IRunSession>? _sessions;
    private WebApplication _app;

    private DashboardServer(WebApplication app, string folder, Func<RunPlan, RunContext, IRunSession>? sessions) =>
        (_app, _folder, _sessions) = (app, folder, sessions);

    /// <summary>Where it listens, with a slash at the end.</summary>
    public string Address => _app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal) + "/";

    /// <summary>Who it lets in.</summary>
    public Doors Doors => _app.Services.GetRequiredService<Doors>();

    /// <summary>Its store.</summary>
    public IRunStore Store => _app.Services.GetRequiredService<IRunStore>();

    /// <summary>Its coordinator.</summary>
    public RunCoordinator Coordinator => _app.Services.GetRequiredService<RunCoordinator>();

    /// <summary>Measures the plan that the Design page begins with, so that the page knows its time.</summary>
    public void Measure() => _app.Services.GetRequiredService<PlanBenchmarkService>()
        .MeasureNow(_app.Services.GetRequiredService<Plans.StartingPlan>().Of(null), _ => { }, CancellationToken.None);

    /// <summary>Starts one on a free port with an empty store.</summary>
    /// <param name="sessions">Stands in for training.</param>
    /// <param name="fill">Fills the store before the server starts.</param>
    /// <param name="measure">Stands in for measuring; where training has a stand-in, so has measuring.</param>
    /// <param name="options">Changes what the person who starts it decided.</param>
    public static async Task<DashboardServer> Start(
        Func<RunPlan, RunContext, IRunSession>? sessions = null,
        Action<IRunStore>? fill = null,
        Func<RunPlan, Action<int>, CancellationToken, PlanMeasurement>? measure = null,
        Func<ServerOptions, ServerOptions>? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("rer-web-").FullName;
        var decided = new ServerOptions(folder, "http://127.0.0.1:0", false, false, []);
        var app =
            Dashboard.Build(options?.Invoke(decided) ?? decided, sessions, measure ?? (sessions is null ? null : (_, _, _) => Measured));
        fill?.Invoke(app.Services.GetRequiredService<IRunStore>());
        app.Services.GetRequiredService<RunCoordinator>().Start();
        await app.StartAsync();
        return new DashboardServer(app, folder, sessions);
    }

    /// <summary>Ends it, as a signal does.</summary>
    public Task Stop() => _app.StopAsync();

    /// <summary>Ends it and starts another one over the same store at the same address: every circuit is gone then.</summary>
    public async Task Restart()
    {
        var address = _app.Urls.Single();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = Dashboard.Build(new ServerOptions(_folder, address, false, false, []), _sessions);
        _app.Services.GetRequiredService<RunCoordinator>().Start();
        await _app.StartAsync();
    }

    /// <summary>What stands in for a measurement: 0.25 to 0.5 s a step, 4 to 8 s an evaluation.</summary>
    public static PlanMeasurement Measured => new()
    {
        At = DateTimeOffset.UtcNow,
        SecondsPerStep = 0.25,
        LongestSecondsPerStep = 0.5,
        SecondsPerEvaluation = 4,
        LongestSecondsPerEvaluation = 8,
        ResponseTokens = 23,
        MaxResponseTokens = 64,
        QueriesMeasured = 60,
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 50)
            {
                // A page that was just left may end a last read, and SQLite puts files of its own beside the database for that long.
                await Task.Delay(100);
            }
        }
    }
}
