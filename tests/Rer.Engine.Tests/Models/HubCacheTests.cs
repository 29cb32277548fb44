using Rer.Engine.Gold;
using Rer.Engine.Library;
using Rer.Engine.Models;
using Rer.Engine.Models.Weights;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Runs;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>Folders as the Hub's own client lays them out: every file is a link into `blobs/`.</summary>
public sealed class HubCacheTests : IDisposable
{
    private readonly TinyStudy _study = new();
    private readonly TemporaryFolder _cache = new();

    public void Dispose()
    {
        _study.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void Policy_gold_and_data_load_from_links_as_from_files()
    {
        var (policy, gold) = (Linked(_study.Policy), Linked(_study.Gold));
        var data = Path.Combine(Linked(Path.GetDirectoryName(_study.Data)!), Path.GetFileName(_study.Data));
        Assert.Empty((_study.Plan() with { Policy = policy, Gold = gold, Data = data }).Validate());

        using var plain = CausalLm.Load(_study.Policy);
        using var linked = CausalLm.Load(policy);
        Assert.All(plain.Backbone.Weights.Published.Zip(linked.Backbone.Weights.Published), pair =>
            Assert.True(pair.First.Tensor.SameAs(pair.Second.Tensor)));
        using var judge = GoldRewardModels.Load(gold, CPU);
    }

    [Fact]
    public void What_the_library_tells_of_a_folder_of_links_is_what_it_tells_of_the_files()
    {
        var linked = Linked(_study.Policy);
        var (expected, actual) = (ModelSummary.Read(_study.Policy), ModelSummary.Read(linked));
        Assert.Null(actual.Problem);
        Assert.Equal((expected.Bytes, expected.Parameters, expected.Use), (actual.Bytes, actual.Parameters, actual.Use));
        Assert.Equal(RunEstimate.Of(_study.Plan(), null).Bytes, RunEstimate.Of(_study.Plan() with { Policy = linked }, null).Bytes);
        Assert.Equal(PromptSetSummary.Read(_study.Data).Bytes, PromptSetSummary.Read(LinkTo(_study.Data)).Bytes);
    }

    [Fact]
    public void An_adapter_and_shards_load_from_links()
    {
        var adapter = _cache.File("adapter");
        using (var trained = SmallModels.WithAdapter()) trained.SaveAdapter(adapter);
        using var model = SmallModels.Llama();
        model.LoadAdapter(Linked(adapter));
        Assert.NotNull(model.Adapter);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_a_missing_file()
    {
        var folder = Directory.CreateDirectory(_cache.File("broken")).FullName;
        File.Copy(Path.Combine(_study.Policy, "config.json"), Path.Combine(folder, "config.json"));
        File.CreateSymbolicLink(Path.Combine(folder, "model.safetensors"), "../../blobs/gone");
        Assert.Throws<FileNotFoundException>(() => WeightFolder.Open(folder));
        // A folder of the library with such a link is listed, not fatal.
        File.CreateSymbolicLink(_cache.File("gone.jsonl"), "blobs/gone");
        Assert.DoesNotContain(new StudyLibrary(_cache.File("own"), [_cache.Path]).PromptSets(), set => set.Name == "gone");
    }

    /// <summary>The folder's files as links into a folder of blobs beside it.</summary>
    private string Linked(string folder)
    {
        var root = _cache.File($"models--{Path.GetFileName(folder)}");
        var blobs = Directory.CreateDirectory(Path.Combine(root, "blobs")).FullName;
        var snapshot = Directory.CreateDirectory(Path.Combine(root, "snapshots", "0a1b")).FullName;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            var blob = Guid.NewGuid().ToString("n");
            File.Copy(file, Path.Combine(blobs, blob));
            File.CreateSymbolicLink(Path.Combine(snapshot, Path.GetFileName(file)), Path.Combine("..", "..", "blobs", blob));
        }

        return snapshot;
    }

    private string LinkTo(string file)
    {
        var link = _cache.File(Path.GetFileName(file));
        File.CreateSymbolicLink(link, file);
        return link;
    }
}
