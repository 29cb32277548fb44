using System.Text.Json.Nodes;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class ModelConfigTests
{
    [Theory]
    [InlineData("num_hidden_layers", null, "num_hidden_layers is missing")]
    [InlineData("num_hidden_layers", "0", "num_hidden_layers is 0")]
    [InlineData("hidden_size", "\"64\"", "hidden_size is \"64\"; a whole number is needed")]
    [InlineData("hidden_act", "\"swish2\"", "hidden_act 'swish2' is not supported")]
    [InlineData("num_key_value_heads", "3", "num_attention_heads (4) is not a multiple")]
    [InlineData("rope_scaling", """{"rope_type":"longrope","factor":4}""",
        "rope scaling 'longrope' is not supported. Supported: default, linear, dynamic, yarn, llama3")]
    [InlineData("rope_scaling", """{"type":"linear"}""", "factor is missing")]
    [InlineData("eos_token_id", "\"</s>\"", "eos_token_id")]
    public void A_field_that_is_wrong_is_named_with_what_is_right(string field, string? value, string expected)
    {
        using var folder = Folder(json => json[field] = value is null ? null : JsonNode.Parse(value));
        var error = Assert.Throws<InvalidDataException>(() => ModelConfig.Read(folder.Path));
        Assert.Contains(expected, error.Message);
        Assert.Contains("config.json", error.Message);
    }

    [Fact]
    public void An_unknown_architecture_lists_those_that_are_known()
    {
        using var unknown = Folder(json => (json["model_type"], json["architectures"]) = ("mamba", new JsonArray("MambaForCausalLM")));
        var error = Assert.Throws<NotSupportedException>(() => CausalLm.Load(unknown.Path));
        Assert.Contains("mamba", error.Message);
        Assert.Contains("LlamaForCausalLM", error.Message);
        Assert.Contains("RobertaForSequenceClassification", error.Message);

        using var classifier = Folder(json => json["architectures"] = new JsonArray("LlamaForSequenceClassification"));
        error = Assert.Throws<NotSupportedException>(() => CausalLm.Load(classifier.Path));
        Assert.Contains("LlamaForSequenceClassification", error.Message);
        Assert.Contains("LlamaForCausalLM", error.Message);
    }

    [Fact]
    public void What_ends_a_sequence_is_read_from_generation_config_which_may_list_several()
    {
        using var folder = Folder(json => (json["eos_token_id"], json["vocab_size"]) = (2, 128_256));
        Assert.Equal([2], ModelConfig.Read(folder.Path).EosIds);
        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id":[128001,128009]}""");
        Assert.Equal([128001, 128009], ModelConfig.Read(folder.Path).EosIds);
        File.WriteAllText(folder.File("generation_config.json"), """{"bos_token_id":1}""");
        Assert.Equal([2], ModelConfig.Read(folder.Path).EosIds);
    }

    [Fact]
    public void A_tokenizer_larger_than_the_embedding_is_refused()
    {
        SmallModels.Config.CheckVocabulary(61, "m");
        var error = Assert.Throws<InvalidDataException>(() => SmallModels.Config.CheckVocabulary(64, "m"));
        Assert.Contains("ids up to 63", error.Message);
        Assert.Contains("61 rows", error.Message);
    }

    [Fact]
    public void Llama_3_stretches_long_wavelengths_and_leaves_short_ones_alone()
    {
        var scaling = new RopeScaling("llama3", 8, 1, 4, 8192);
        var config = SmallModels.Config with { HeadSize = 128, RopeTheta = 500_000 };
        var plain = RotaryFrequencies.Of(config);
        var scaled = RotaryFrequencies.Of(config with { RopeScaling = scaling });
        for (var i = 0; i < plain.Length; i++)
        {
            var wavelength = 2 * Math.PI / plain[i];
            if (wavelength < 8192 / 4.0) Assert.Equal(plain[i], scaled[i]);
            else if (wavelength > 8192) Assert.Equal(plain[i] / 8, scaled[i], 1e-15);
            else Assert.InRange(scaled[i], plain[i] / 8, plain[i]);
        }
        Assert.Equal(1.0, scaled[0]);
        Assert.Equal(Math.Pow(500_000, -126.0 / 128) / 8, scaled[63], 1e-15);
    }

    [Fact]
    public void Linear_scaling_divides_every_frequency()
    {
        var plain = RotaryFrequencies.Of(SmallModels.Config);
        var scaled = RotaryFrequencies.Of(SmallModels.Config with { RopeScaling = new RopeScaling("linear", 2) });
        Assert.Equal(plain.Select(value => value / 2), scaled);
    }

    [Fact]
    public void Qwen3_normalises_queries_and_keys_and_takes_its_own_head_size()
    {
        using var folder = Folder(
            json => (json["model_type"], json["architectures"], json["head_dim"]) = ("qwen3", new JsonArray("Qwen3ForCausalLM"), 16));
        var config = ModelConfig.Read(folder.Path);
        Assert.True(config.QueryKeyNorm);
        Assert.Equal(16, config.HeadSize);
        using var model = CausalLm.Create(config, 1);
        var names = model.Backbone.Weights.Published.ToDictionary(weight => weight.Name, weight => weight.Tensor.shape);
        Assert.Equal([16L], names["model.layers.1.self_attn.k_norm.weight"]);
        Assert.Equal([32L, 64], names["model.layers.1.self_attn.o_proj.weight"]);
        Assert.DoesNotContain(names.Keys, name => name.EndsWith(".bias", StringComparison.Ordinal));
    }

    [Fact]
    public void Mistral_reads_its_window_and_Qwen2_only_where_it_is_switched_on()
    {
        using var mistral = Folder(json => (json["model_type"], json["sliding_window"]) = ("mistral", 16));
        Assert.Equal(16, ModelConfig.Read(mistral.Path).WindowOf(0));
        using var off = Folder(json => (json["model_type"], json["sliding_window"], json["use_sliding_window"]) = ("qwen2", 16, false));
        Assert.Null(ModelConfig.Read(off.Path).WindowOf(1));
        using var on = Folder(
            json => (json["model_type"], json["sliding_window"], json["use_sliding_window"], json["max_window_layers"]) = ("qwen2", 16,
                true, 1));
        Assert.Null(ModelConfig.Read(on.Path).WindowOf(0));
        Assert.Equal(16, ModelConfig.Read(on.Path).WindowOf(1));
    }

    [Theory]
    [InlineData("float32", ScalarType.Float32, ScalarType.Float32)]
    [InlineData("bfloat16", ScalarType.BFloat16, ScalarType.BFloat16)]
    [InlineData("float16", ScalarType.Float16, ScalarType.BFloat16)]
    [InlineData(null, ScalarType.BFloat16, ScalarType.BFloat16)]
    public void On_a_GPU_a_model_has_the_type_it_was_saved_in_and_on_the_CPU_float32(string? saved, ScalarType loaded, ScalarType trained)
    {
        using var folder = Folder(json => json["torch_dtype"] = saved);
        var config = ModelConfig.Read(folder.Path);
        Assert.Equal((loaded, ScalarType.Float32), (config.TypeOn(DeviceType.CUDA), config.TypeOn(DeviceType.CPU)));
        Assert.Equal((trained, ScalarType.Float32),
            (ComputeDevice.TrainingType("auto", DeviceType.CUDA, config), ComputeDevice.TrainingType("auto", DeviceType.CPU, config)));
        Assert.Equal(ScalarType.BFloat16, ComputeDevice.TrainingType("bfloat16", DeviceType.CPU, config));
    }

    private static TemporaryFolder Folder(Action<JsonObject> change)
    {
        var folder = new TemporaryFolder();
        var json = JsonNode.Parse(SmallModels.Config.ToJson(ScalarType.Float32))!.AsObject();
        change(json);
        File.WriteAllText(folder.File("config.json"), json.ToJsonString());
        return folder;
    }
}
