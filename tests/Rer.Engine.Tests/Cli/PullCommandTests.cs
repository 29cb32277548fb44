using Rer.Cli;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Data;
using Rer.Engine.Tests.Hub;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Cli;

public sealed class PullCommandTests : IAsyncDisposable
{
    private readonly CommandLine _rer = new();
    private readonly HubServer _hub = new();

    public PullCommandTests() => Environment.SetEnvironmentVariable("HF_ENDPOINT", _hub.Address.ToString());

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("HF_ENDPOINT", null);
        await _hub.DisposeAsync();
        _rer.Dispose();
    }

    [Fact]
    public void The_folder_is_the_result_and_lies_in_the_stores_library()
    {
        _hub.Files["config.json"] = "{}"u8.ToArray();
        _hub.Files["training_args.bin"] = [0x80];
        _hub.Files["model.safetensors"] = new byte[4000];
        var (exit, output, error) = _rer.Run(["pull", "owner/name", "--store", _rer.Store]);
        var folder = Path.Combine(_rer.Store, "library", "owner", "name");
        Assert.Equal((ExitCode.Ok, folder + "\n"), (exit, output));
        Assert.Equal(["config.json", "model.safetensors"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.').Order());
        Assert.Contains("2 files fetched, 0 were there, 4.0 kB, every checksum right.", error);
        Assert.Contains("Left out, being pickles: training_args.bin.", error);
    }

    [Fact]
    public async Task A_data_set_of_Parquet_is_fetched_checked_and_trained_on()
    {
        await using var hub = new HubServer { Kind = "datasets" };
        Environment.SetEnvironmentVariable("HF_ENDPOINT", hub.Address.ToString());
        hub.Files["README.md"] = "card"u8.ToArray();
        hub.Files["data/train-00000-of-00001.parquet"] = ParquetFile.Of(Enumerable.Range(0, 8).Select(i => new ParquetPair
        {
            prompt = $"say {(char)('a' + i)} again",
            chosen = [new() { role = "user", content = $"say {(char)('a' + i)} again" },
                new() { role = "assistant", content = $"{(char)('a' + i)} again" }],
            rejected = [new() { role = "user", content = $"say {(char)('a' + i)} again" }, new() { role = "assistant", content = "no" }],
        }));
        var (exit, output, error) = _rer.Run(["pull", "datasets/owner/name", "--store", _rer.Store]);
        Assert.True(exit == ExitCode.Ok, error);
        var data = Path.Combine(output.TrimEnd('\n'), "data", "train-00000-of-00001.parquet");

        (exit, output, error) = _rer.Run(["check-data", "--pairs", data]);
        Assert.True(exit == ExitCode.Ok, error);
        Assert.Matches("pairs +8", output);

        using var study = new TinyStudy();
        var plan = study.Plan("LI*RP") with { Data = data, Ppo = study.Plan().Ppo with { Steps = 2 } };
        Assert.Empty(plan.Validate());
        using var store = RunStore.Open(_rer.Store);
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (p, context) => new RunSession(p, context), _ => []);
        coordinator.Take();
        var id = coordinator.Launch(plan);
        Assert.Equal(RunState.Finished, coordinator.RunNow(id));
        Assert.Equal(2, store.Run(id)!.Step);
    }

    [Fact]
    public void Revision_and_patterns_are_options_and_a_refusal_fails()
    {
        _hub.Files["pytorch_model.bin"] = [0x80];
        _hub.Files["vocab.txt"] = [1];
        var (exit, output, error) =
            _rer.Run(["pull", "owner/name", "--revision", "v2", "--include", "*.txt", "--out", Path.Combine(_rer.Folder, "m")]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Path.Combine(_rer.Folder, "m") + "\n", output);
        Assert.Contains("/revision/v2?", _hub.Requests[0].Path);

        (exit, output, error) = _rer.Run(["pull", "owner/name", "--out", Path.Combine(_rer.Folder, "m")]);
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        Assert.Contains("Pickles are never fetched", error);
    }
}
