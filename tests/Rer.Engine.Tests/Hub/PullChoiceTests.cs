using System.Text;
using Rer.Engine.Hub;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Hub;

/// <summary>Which files of a repository come, and that pickles never do.</summary>
public sealed class PullChoiceTests : IAsyncDisposable
{
    private readonly HubServer _hub = new();
    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_comes_with_what_is_read_here_and_nothing_else()
    {
        var result = await PullAsync(
            ["config.json", "tokenizer.json", "tokenizer.model", "merges.txt", "chat_template.jinja", "README.md", "LICENSE",
                "model.safetensors",
                "model.fp16.safetensors", "consolidated.safetensors", "pytorch_model.bin", "training_args.bin", "tf_model.h5",
                "onnx/model.onnx", "checkpoint-5/model.safetensors"]);
        Assert.Equal(
            ["LICENSE", "README.md", "chat_template.jinja", "config.json", "merges.txt", "model.safetensors", "tokenizer.json",
                "tokenizer.model"], Pulled());
        Assert.Equal(["pytorch_model.bin", "training_args.bin"], result.Pickles);
        Assert.Equal(
            ["model.fp16.safetensors", "consolidated.safetensors", "tf_model.h5", "onnx/model.onnx", "checkpoint-5/model.safetensors"],
            result.Others);
    }

    [Fact]
    public async Task Shards_come_with_their_index()
    {
        await PullAsync(
            ["config.json", "model.safetensors.index.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                "consolidated.safetensors"]);
        Assert.Equal(
            ["config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "model.safetensors.index.json"],
            Pulled());
    }

    [Fact]
    public async Task An_adapter_and_a_tokenizer_alone_are_repositories_too()
    {
        await PullAsync(["adapter_config.json", "adapter_model.safetensors", "spiece.model"]);
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "spiece.model"], Pulled());
    }

    [Fact]
    public async Task Weights_that_are_pickles_alone_are_refused_with_what_to_do_instead()
    {
        var error =
            await FailAsync(["config.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin", "old/rng_state.pth"]);
        Assert.Contains(
            "pytorch_model-00001-of-00002.bin, pytorch_model-00002-of-00002.bin are pickles, which can run any code when loaded. Pickles "
                + "are never fetched.", error);
        Assert.Contains("--revision refs/pr/1", error);
        Assert.Contains("safe_serialization=True", error);
        Assert.Empty(Pulled());
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("*.bin")]
    [InlineData("*.PT")]
    public async Task A_pickle_is_refused_when_it_is_asked_for(string pattern)
    {
        var error = await FailAsync(["config.json", "model.safetensors", "pytorch_model.bin", "x.PT"], pattern);
        Assert.Contains("is a pickle", error);
        Assert.Empty(Pulled());
    }

    [Fact]
    public async Task A_wide_pattern_takes_all_but_pickles()
    {
        var result = await PullAsync(["config.json", "a/b/model.onnx", "pytorch_model.bin"], "*");
        Assert.Equal(["a/b/model.onnx", "config.json"], Pulled());
        Assert.Equal(["pytorch_model.bin"], result.Pickles);
    }

    [Fact]
    public async Task Patterns_add_up_and_one_that_matches_nothing_lists_what_there_is()
    {
        await PullAsync(["config.json", "tokenizer.json", "model.safetensors"], "tok*", "conf?g.json");
        Assert.Equal(["config.json", "tokenizer.json"], Pulled());
        Assert.Contains("no file matches --include *.gguf. It holds config.json, tokenizer.json, model.safetensors.",
            await FailAsync([], "*.gguf"));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0, 0, 0, 0 }, "zip archive")]
    [InlineData(new byte[] { 0x80, 2, (byte)'}', (byte)'q', 0, (byte)'X', 1, 0 }, "its content is a pickle")]
    [InlineData(new byte[] { 0x80, 4, 0x95, 9, 1, 0, 0, 0, 0, 0, 0 }, "its content is a pickle")]
    public async Task A_pickle_under_another_name_is_told_by_its_content(byte[] content, string expected)
    {
        _hub.Files["model.safetensors"] = content;
        var error = await FailAsync([]);
        Assert.Contains(expected, error);
        Assert.False(File.Exists(_folder.File("model.safetensors")));
    }

    [Fact]
    public async Task A_header_of_640_bytes_is_no_pickle()
    {
        _hub.Files["model.safetensors"] = [0x80, 2, 0, 0, 0, 0, 0, 0, (byte)'{'];
        await PullAsync([]);
        Assert.Equal(["model.safetensors"], Pulled());
    }

    [Fact]
    public async Task A_data_set_comes_with_its_tables_from_every_folder()
    {
        await using var data = new HubServer { Id = "owner/data", Kind = "datasets" };
        foreach (var name in new[] { "README.md", "harmless/train.jsonl.gz", "test.csv", "x.parquet", "script.py" }) data.Files[name] = [1];
        var result = await PullAsync(data, "datasets/owner/data");
        Assert.Equal(["README.md", "harmless/train.jsonl.gz", "test.csv", "x.parquet"], Pulled());
        Assert.Equal(["script.py"], result.Others);
        Assert.StartsWith("/api/datasets/owner/data/revision/main", data.Requests[0].Path);
        Assert.StartsWith("/datasets/owner/data/resolve/", data.Requests[1].Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..b")]
    [InlineData("a b/c")]
    [InlineData("https://huggingface.co/a/b")]
    [InlineData("a/b\n")]
    public void What_is_no_repository_is_refused(string name) =>
        Assert.Contains("Write OWNER/NAME", Assert.Throws<HubException>(() => HubRepository.Parse(name)).Message);

    [Theory]
    [InlineData("gpt2", false)]
    [InlineData("EleutherAI/pythia-70m", false)]
    [InlineData("datasets/Anthropic/hh-rlhf", true)]
    public void A_repository_reads_as_it_is_written(string name, bool dataset)
    {
        var repository = HubRepository.Parse(name);
        Assert.Equal((name, dataset), (repository.ToString(), repository.IsDataset));
    }

    private string[] Pulled() =>
    [
        .. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file))
            .Where(file => file != ".pull.json" && !file.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    private Task<PullResult> PullAsync(string[] files, params string[] include)
    {
        foreach (var file in files) _hub.Files[file] = Encoding.ASCII.GetBytes(file);
        return PullAsync(_hub, "owner/name", include);
    }

    private Task<PullResult> PullAsync(HubServer server, string repository, params string[] include) =>
        new HubPull(new HubOptions { Endpoint = server.Address })
            .RunAsync(new PullRequest(HubRepository.Parse(repository), _folder.Path) { Include = include });

    private async Task<string> FailAsync(string[] files, params string[] include) =>
        (await Assert.ThrowsAsync<HubException>(() => PullAsync(files, include))).Message;
}
