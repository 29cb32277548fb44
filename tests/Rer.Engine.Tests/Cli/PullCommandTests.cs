using Rer.Cli;
using Rer.Engine.Tests.Hub;

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
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(folder).Select(Path.GetFileName).Where(name => name![0] != '.').Order());
        Assert.Contains("2 files fetched, 0 were there, 4.0 kB, every checksum right.", error);
        Assert.Contains("Left out, being pickles: training_args.bin.", error);
    }

    [Fact]
    public void Revision_and_patterns_are_options_and_a_refusal_fails()
    {
        _hub.Files["pytorch_model.bin"] = [0x80];
        _hub.Files["vocab.txt"] = [1];
        var (exit, output, error) = _rer.Run(["pull", "owner/name", "--revision", "v2", "--include", "*.txt", "--out", Path.Combine(_rer.Folder, "m")]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(Path.Combine(_rer.Folder, "m") + "\n", output);
        Assert.Contains("/revision/v2?", _hub.Requests[0].Path);

        (exit, output, error) = _rer.Run(["pull", "owner/name", "--out", Path.Combine(_rer.Folder, "m")]);
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        Assert.Contains("Pickles are never fetched", error);
    }
}
