using System.Text.Json;
using Rer.Engine.Models;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class WeightFolderTests
{
    [Fact]
    public void A_missing_folder_or_file_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("/no/such/model", Assert.Throws<DirectoryNotFoundException>(() => CausalLm.Load("/no/such/model")).Message);
        Assert.Contains("config.json", Assert.Throws<FileNotFoundException>(() => CausalLm.Load(folder.Path)).Message);
        WriteConfig(folder);
        Assert.Contains("model.safetensors", Assert.Throws<FileNotFoundException>(() => CausalLm.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_folder_of_pickles_is_refused_with_what_to_do_instead()
    {
        using var folder = new TemporaryFolder();
        WriteConfig(folder);
        File.WriteAllBytes(folder.File("pytorch_model.bin"), [0x80, 2]);
        var error = Assert.Throws<FileNotFoundException>(() => CausalLm.Load(folder.Path));
        Assert.Contains("pytorch_model.bin", error.Message);
        Assert.Contains("safe_serialization", error.Message);
    }

    [Fact]
    public void A_sharded_folder_loads_as_the_whole_does()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var folder = new TemporaryFolder();
        using var model = SmallModels.Llama();
        Shard(model, folder);
        using var loaded = CausalLm.Load(folder.Path);
        var ids = SmallModels.Ids(2, 6);
        Assert.True(loaded.Logits(loaded.Hidden(ids)).SameAs(model.Logits(model.Hidden(ids))));
    }

    [Fact]
    public void Missing_shards_are_all_named()
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModels.Llama();
        Shard(model, folder);
        File.Delete(folder.File("model-00002-of-00003.safetensors"));
        File.Delete(folder.File("model-00003-of-00003.safetensors"));
        var error = Assert.Throws<FileNotFoundException>(() => CausalLm.Load(folder.Path));
        Assert.Contains("2 of 3 shards", error.Message);
        Assert.Contains("model-00002-of-00003.safetensors", error.Message);
        Assert.Contains("model-00003-of-00003.safetensors", error.Message);
    }

    [Fact]
    public void An_index_that_names_a_tensor_its_shard_has_not_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModels.Llama();
        Shard(model, folder);
        var index = folder.File("model.safetensors.index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace("\"model.norm.weight\"", "\"model.norm.gone\"", StringComparison.Ordinal));
        Assert.Contains("model.norm.gone", Assert.Throws<InvalidDataException>(() => CausalLm.Load(folder.Path)).Message);
    }

    [Fact]
    public void An_index_may_not_point_outside_its_folder()
    {
        using var folder = new TemporaryFolder();
        WriteConfig(folder);
        File.WriteAllText(folder.File("model.safetensors.index.json"), """{"weight_map":{"a":"../secret.safetensors"}}""");
        Assert.Contains("../secret", Assert.Throws<InvalidDataException>(() => CausalLm.Load(folder.Path)).Message);
    }

    [Fact]
    public void Missing_extra_and_misshapen_tensors_are_all_listed_with_the_shapes_wanted()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var error = LoadChanged(folder, weights =>
        {
            weights.Remove("model.layers.1.mlp.up_proj.weight");
            weights["model.norm.weight"] = ones([31]);
            weights["model.layers.9.extra.weight"] = ones([3]);
            weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = ones([4]);
        });
        Assert.Contains("model.layers.1.mlp.up_proj.weight [56, 32]", error);
        Assert.Contains("model.norm.weight is [31], config.json asks for [32]", error);
        Assert.Contains("model.layers.9.extra.weight [3]", error);
        Assert.DoesNotContain("inv_freq", error);
    }

    [Theory]
    [InlineData("tiny-llama"), InlineData("tiny-qwen2"), InlineData("tiny-gpt2"), SharedData("stories260K"), SharedData("tiny-gptneox")]
    public void A_folder_that_loads_passes_the_check_of_its_headers(string name) => CausalLm.CheckFolder(Fixtures.File("models", name));

    [Fact]
    public void A_type_that_cannot_be_read_is_told_by_the_headers()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = SmallModels.Llama();
        model.SaveFolder(folder.Path);
        var file = folder.File("model.safetensors");
        var header = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
        // Unsigned 32-bit takes the same room as float32 and is no type of weights.
        File.WriteAllBytes(file, System.Text.Encoding.Latin1.GetBytes(header.Replace("\"F32\"", "\"U32\"", StringComparison.Ordinal)));
        var error = Assert.Throws<InvalidDataException>(() => CausalLm.CheckFolder(folder.Path)).Message;
        Assert.Contains("Of a type that cannot be read", error);
        Assert.Contains("model.norm.weight is U32; F32, F16 or BF16 is needed", error);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Weights_that_are_not_finite_are_named(float value)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var error = LoadChanged(folder, weights =>
        {
            var broken = weights["model.layers.0.mlp.gate_proj.weight"].clone();
            broken[3, 4] = value;
            weights["model.layers.0.mlp.gate_proj.weight"] = broken;
        });
        Assert.Contains("model.layers.0.mlp.gate_proj.weight", error);
        Assert.DoesNotContain("up_proj", error);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 0)]
    [InlineData(ScalarType.Float16, 2e-3)]
    [InlineData(ScalarType.BFloat16, 2e-2)]
    public void A_saved_folder_loads_back_in_every_type(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var folder = new TemporaryFolder();
        using var model = SmallModels.Llama();
        model.SaveFolder(folder.Path, type);
        using var loaded = CausalLm.Load(folder.Path);
        Assert.Equal(type, loaded.Config.CheckpointType);
        Assert.Equal(ScalarType.Float32, loaded.Type);
        Assert.Equal(model.Config with { SourceJson = null, CheckpointType = null, EosIds = [] },
            loaded.Config with { SourceJson = null, CheckpointType = null, EosIds = [] });
        Assert.Equal(model.Config.EosIds, loaded.Config.EosIds);
        foreach (var (mine, its) in model.Backbone.Weights.Published.Zip(loaded.Backbone.Weights.Published))
            TensorAssert.Close(mine.Tensor, its.Tensor, tolerance);
    }

    [Fact]
    public void A_folder_saved_with_its_adapter_folded_in_computes_what_the_adapter_did()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var folder = new TemporaryFolder();
        using var model = SmallModels.WithAdapter();
        model.SaveFolder(folder.Path, mergeAdapter: true);
        using var loaded = CausalLm.Load(folder.Path);
        var ids = SmallModels.Ids(2, 6);
        TensorAssert.Close(model.Hidden(ids), loaded.Hidden(ids), 2e-5);
        using (model.DisableAdapter()) Assert.NotInRange(TensorAssert.Distance(model.Hidden(ids), loaded.Hidden(ids)), 0, 1e-3);
    }

    [Fact]
    public void A_saved_folder_keeps_every_field_of_the_config_it_was_read_with()
    {
        using var folder = new TemporaryFolder();
        var source = Fixtures.File("models", "tiny-qwen2");
        using var model = CausalLm.Load(source);
        model.SaveFolder(folder.Path);
        using var before = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, "config.json")));
        using var after = JsonDocument.Parse(File.ReadAllText(folder.File("config.json")));
        foreach (var field in before.RootElement.EnumerateObject())
            Assert.Equal(field.Value.ToString(), after.RootElement.GetProperty(field.Name).ToString());
    }

    private static string LoadChanged(TemporaryFolder folder, Action<Dictionary<string, Tensor>> change)
    {
        using var model = SmallModels.Llama();
        var weights = model.Backbone.Weights.Published.ToDictionary(weight => weight.Name, weight => weight.Tensor);
        change(weights);
        WriteConfig(folder);
        SafetensorsWriter.Write(folder.File("model.safetensors"), weights);
        return Assert.Throws<InvalidDataException>(() => CausalLm.Load(folder.Path)).Message;
    }

    private static void Shard(CausalLm model, TemporaryFolder folder)
    {
        WriteConfig(folder);
        var weights = model.Backbone.Weights.Published;
        var map = new Dictionary<string, string>();
        for (var shard = 0; shard < 3; shard++)
        {
            var name = $"model-{shard + 1:00000}-of-00003.safetensors";
            var own = weights.Where((_, i) => i % 3 == shard).ToDictionary(weight => weight.Name, weight => weight.Tensor);
            foreach (var tensor in own.Keys) map[tensor] = name;
            SafetensorsWriter.Write(folder.File(name), own);
        }
        File.WriteAllText(folder.File("model.safetensors.index.json"),
            JsonSerializer.Serialize(new { metadata = new { }, weight_map = map }));
    }

    private static void WriteConfig(TemporaryFolder folder) =>
        File.WriteAllText(folder.File("config.json"), SmallModels.Config.ToJson(ScalarType.Float32));
}
