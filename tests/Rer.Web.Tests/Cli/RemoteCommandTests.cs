using System.Text.Json.Nodes;
using Rer.Cli;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Web.Tests.Browser;
using Rer.Web.Tests.Stores;

namespace Rer.Web.Tests.Cli;

/// <summary>`rer --server` against a real server in this process.</summary>
public sealed class RemoteCommandTests
{
    [Fact]
    public async Task A_run_is_launched_on_the_server_and_followed_to_its_end()
    {
        await using var server = await Start();
        var (exit, output, error) = await Rer(server, "train", "--playground", "--design", "LI", "--steps", "6", "--eval-every", "3");

        Assert.Equal("", exit == ExitCode.Ok ? "" : error);
        var run = Assert.Single(server.Store.Runs());
        Assert.Equal((RunState.Finished, 6, "LI"), (run.State, run.Step, run.DesignText));
        Assert.Contains($"{server.Address}runs/{run.Id}", error, StringComparison.Ordinal);
        Assert.Contains($"{run.Id} finished 6 steps", error, StringComparison.Ordinal);
        Assert.Matches(@"step 3  proxy \d", output);
        Assert.Contains("verdict: too few points", output, StringComparison.Ordinal);

        var again = await Rer(server, "train", "--playground", "--design", "LI", "--steps", "6", "--eval-every", "3");
        Assert.Contains("has finished its 6 steps already", again.Error, StringComparison.Ordinal);
        var extended = await Rer(server, "train", "--playground", "--design", "LI", "--steps", "8", "--eval-every", "3");
        Assert.Contains("finished 8 steps", extended.Error, StringComparison.Ordinal);
        Assert.Single(server.Store.Runs());
    }

    [Fact]
    public async Task A_plan_that_the_server_cannot_run_is_refused_with_every_error()
    {
        await using var server = await Start();
        var (exit, _, error) = await Rer(server, "train", "--playground", "--design", "LI", "--clip-range", "1.4", "--policy", "/no/such");
        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.Contains("--clip-range: 1.4 is outside (0, 1]", error, StringComparison.Ordinal);
        Assert.Contains("--policy: /no/such is not a folder", error, StringComparison.Ordinal);
        Assert.Empty(server.Store.Runs());
    }

    [Fact]
    public async Task Runs_are_listed_shown_and_exported_as_from_a_store()
    {
        var id = "";
        await using var server =
            await Start(store => id = SampleStore.Add(store, SampleRun.Plan("LI", steps: 2000), 2000, RunState.Finished, 100));
        foreach (var arguments in new string[][] { ["runs"], ["show", "latest"], ["show", id, "--plan"], ["export", id],
            ["export", id, "--what", "metrics"], ["export", id, "--format", "alpaca_eval", "--step", "500"] })
        {
            var remote = await Rer(server, arguments);
            var local = await Rer(null, [.. arguments, "--store", server.Store.Folder]);
            Assert.Equal(("", ""), (remote.Error, local.Error));
            Assert.Equal(local.Out, remote.Out);
        }
        var refused = await Rer(server, "export", id, "--format", "alpaca_eval", "--step", "501");
        Assert.Equal(ExitCode.Failed, refused.Exit);
        Assert.Contains("Evaluated steps: 0, 500, 1000", refused.Error, StringComparison.Ordinal);
        Assert.Equal(id, (string?)JsonNode.Parse((await Rer(server, "export", id, "--format", "json")).Out)!["run"]!["id"]);
    }

    [Fact]
    public async Task A_run_is_paused_resumed_extended_and_stopped()
    {
        await using var server = await Start(pause: TimeSpan.FromMilliseconds(20));
        var id = server.Coordinator.Launch(PlaygroundPlans.Find()!.Plan(RewardDesign.Parse("LI"), steps: 100_000, evaluateEvery: 1_000));
        await Until(() => server.Store.Run(id)!.Step > 0);
        await Rer(server, "pause", id);
        await Until(() => server.Store.Run(id)!.State == RunState.Paused);
        Assert.Equal(ExitCode.Ok, (await Rer(server, "resume", id)).Exit);
        Assert.Equal(ExitCode.Ok, (await Rer(server, "extend", id, "--steps", "200000")).Exit);
        Assert.Equal(200_000, server.Store.Run(id)!.Plan.Ppo.Steps);
        await Until(() => server.Store.Run(id)!.State == RunState.Running);
        await Rer(server, "stop", id);
        await Until(() => server.Store.Run(id)!.State == RunState.Stopped);
        var refused = await Rer(server, "stop", id);
        Assert.Equal(ExitCode.Failed, refused.Exit);
        Assert.Contains($"Cannot stop {id}: it is stopped.", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9", "no answer", "runs")]
    [InlineData("nowhere", "'nowhere' is no address", "runs")]
    [InlineData("http://127.0.0.1:9", "works on this machine alone", "tokenize", "--model", "x")]
    public async Task An_address_that_is_of_no_use_is_said(string address, string said, params string[] arguments)
    {
        var (exit, _, error) = await Rer(["--server", address, .. arguments]);
        Assert.NotEqual(ExitCode.Ok, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_needs_a_server() =>
        Assert.Contains("--server: missing", (await Rer(null, "stop", "latest")).Error, StringComparison.Ordinal);

    private static Task<DashboardServer> Start(Action<IRunStore>? fill = null, TimeSpan pause = default) =>
        DashboardServer.Start((plan, context) => new ScriptedSession(plan, context, pause), fill);

    private static Task<(int Exit, string Out, string Error)> Rer(DashboardServer? server, params string[] arguments) =>
        Rer(server is null ? arguments : ["--server", server.Address, .. arguments]);

    // On a thread of its own: a command waits for its server, and may not hold the thread that the server needs.
    private static Task<(int Exit, string Out, string Error)> Rer(string[] arguments) => Task.Factory.StartNew(
        () =>
        {
            using var input = new StringReader("");
            using var output = new StringWriter { NewLine = "\n" };
            using var error = new StringWriter { NewLine = "\n" };
            var exit = RerCommand.Run(arguments, new CommandConsole(input, output, error));
            return (exit, output.ToString(), error.ToString());
        },
        TaskCreationOptions.LongRunning);

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition()) await Task.Delay(20, patience.Token);
    }
}
