using System.Text.Json.Nodes;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>Configurations that others wrote: what changes the computation and is not computed here is refused by its name.</summary>
public sealed class ConfigRulesTests
{
    [Theory]
    [InlineData("attn_logit_softcapping", "50.0")]
    [InlineData("final_logit_softcapping", "30.0")]
    [InlineData("residual_multiplier", "0.22")]
    [InlineData("embedding_multiplier", "12")]
    [InlineData("attention_multiplier", "0.0078125")]
    [InlineData("logits_scaling", "8.0")]
    [InlineData("logit_scale", "0.0625")]
    [InlineData("query_pre_attn_scalar", "224")]
    [InlineData("clip_qkv", "8")]
    [InlineData("use_qk_norm", "true")]
    [InlineData("parallel_attn", "true")]
    [InlineData("alibi", "true")]
    [InlineData("rope_interleaved", "true")]
    [InlineData("use_logn_attn", "true")]
    [InlineData("num_local_experts", "8")]
    [InlineData("attention_chunk_size", "8192")]
    [InlineData("no_rope_layer_interval", "4")]
    [InlineData("attn_temperature_tuning", "4")]
    [InlineData("a_scale_of_tomorrow", "2")]
    [InlineData("quantization_config", "{\"bits\":4}")]
    public void A_field_that_changes_the_computation_is_refused_by_its_name(string field, string value)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(field, value));
        Assert.Contains($"config.json: {field} ({value}): not understood here", error.Message);
    }

    [Theory]
    [InlineData("attn_logit_softcapping", "null")]
    [InlineData("residual_multiplier", "1.0")]
    [InlineData("num_local_experts", "0")]
    [InlineData("rope_interleaved", "false")]
    [InlineData("quantization_config", "null")]
    [InlineData("attention_dropout", "0.1")]
    [InlineData("pretraining_tp", "2")]
    [InlineData("_attn_implementation_autoset", "true")]
    [InlineData("use_flash_attn", "true")]
    [InlineData("transformers_version", "\"5.0.0\"")]
    [InlineData("mask_token_id", "5")]
    [InlineData("max_sequence_length", "2048")]
    [InlineData("task_specific_params", "{\"a\":1}")]
    [InlineData("id2label", "{\"0\":\"good\"}")]
    public void A_field_that_changes_nothing_is_passed_over(string field, string value) => Read(field, value);

    [Theory]
    [InlineData("num_hidden_layers", "1000000000", "num_hidden_layers is 1000000000, which is outside [1, 10000].")]
    [InlineData("hidden_size", "2147483647", "hidden_size is 2147483647, which is outside [1, 16777216].")]
    [InlineData("head_dim", "10000000", "4 heads of 10000000 are 40000000 wide")]
    [InlineData("vocab_size", "2147483648", "vocab_size is 2147483648; a whole number up to 2147483647 is needed.")]
    [InlineData("vocab_size", "-1", "vocab_size is -1; a positive number is needed.")]
    [InlineData("rms_norm_eps", "-1e-5", "rms_norm_eps is -1e-5; 0 or a number above it is needed.")]
    [InlineData("rms_norm_eps", "1e999", "rms_norm_eps is 1e999; a number is needed.")]
    [InlineData("rope_theta", "0", "rope_theta is 0; a number above 0 is needed.")]
    [InlineData("rope_theta", "-10000", "rope_theta is -10000; a number above 0 is needed.")]
    [InlineData("partial_rotary_factor", "1.5", "partial_rotary_factor is 1.5; a number in (0, 1] is needed.")]
    [InlineData("partial_rotary_factor", "0.2", "1 of a head's 8 values are rotated")]
    [InlineData("eos_token_id", "61", "eos_token_id 61 is outside the vocabulary of 61")]
    [InlineData("eos_token_id", "[2,-1]", "eos_token_id -1 is outside the vocabulary of 61")]
    [InlineData("rope_scaling", "{\"rope_type\":\"default\",\"mrope_section\":[1]}", "mrope_section is not supported")]
    [InlineData("rope_scaling", "{\"rope_type\":\"linear\",\"factor\":-2}", "factor is -2; a number above 0 is needed.")]
    [InlineData("rope_parameters", "{\"full_attention\":{\"rope_theta\":1}}", "full_attention is not supported")]
    public void A_value_that_makes_no_sense_is_refused_with_what_would(string field, string value, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Read(field, value)).Message);

    [Fact]
    public void What_rope_parameters_say_wins_over_what_stands_at_the_top()
    {
        var config = Read("rope_parameters", """{"rope_type":"default","rope_theta":50.0,"partial_rotary_factor":0.5}""", json =>
            json["partial_rotary_factor"] = 1.0);
        Assert.Equal((50, 0.5), (config.RopeTheta, config.RotaryFraction));
        config = Read("rope_parameters", """{"rope_type":"default"}""", json =>
            (json["rope_theta"], json["partial_rotary_factor"]) = (7.0, 0.25));
        Assert.Equal((7, 0.25), (config.RopeTheta, config.RotaryFraction));
        // As transformers 5 takes the older section first, and an empty one for none.
        config = Read("rope_parameters", """{"rope_theta":50.0}""", json => json["rope_scaling"] = new JsonObject());
        Assert.Equal(50, config.RopeTheta);
    }

    [Fact]
    public void Layer_types_that_are_not_known_are_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() =>
            Read("layer_types", """["full_attention","chunked_attention"]""", json =>
                (json["model_type"], json["architectures"]) = ("qwen3", new JsonArray("Qwen3ForCausalLM"))));
        Assert.Contains("layer_types: 'chunked_attention' is not supported. Supported: full_attention, sliding_attention.", error.Message);
    }

    [Theory]
    [InlineData("{\"model_type\":\"\\ud800\"}", "line 1, byte 15: a text with half of a surrogate pair")]
    [InlineData("{\"model_type\":\n\"\u00e9\"}", "not JSON")]
    [InlineData("", "the file is empty, not JSON")]
    [InlineData("[1]", "not a JSON object.")]
    [InlineData("{\"hidden_size\":", "(line 1, byte 16)")]
    public void A_file_that_is_no_configuration_says_where(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        // Latin-1: an accented letter is one byte, and no UTF-8.
        File.WriteAllBytes(folder.File("config.json"), System.Text.Encoding.Latin1.GetBytes(text));
        var message = Assert.Throws<InvalidDataException>(() => ModelConfig.Read(folder.Path)).Message;
        Assert.Contains("config.json", message);
        Assert.Contains(text.Contains('\u00e9', StringComparison.Ordinal) ? "line 2, byte 2: 0xE9 is not UTF-8." : expected, message);
    }

    [Theory]
    [InlineData("vocab_size", 2147483647)]
    [InlineData("num_hidden_layers", 9000)]
    [InlineData("intermediate_size", 16_000_000)]
    public void Sizes_far_beyond_the_weights_are_told_from_the_headers(string field, int value)
    {
        using var folder = new TemporaryFolder();
        using (var model = SmallModels.Llama()) model.SaveFolder(folder.Path);
        var path = folder.File("config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[field] = value;
        File.WriteAllText(path, json.ToJsonString());
        Assert.StartsWith(
            $"{folder.Path}: the weights do not fit config.json.",
            Assert.Throws<InvalidDataException>(() => CausalLm.Load(folder.Path)).Message);
        Assert.StartsWith(
            $"{folder.Path}: the weights do not fit config.json.",
            Assert.Throws<InvalidDataException>(() => CausalLm.CheckFolder(folder.Path)).Message);
    }

    private static ModelConfig Read(string field, string value, Action<JsonObject>? change = null)
    {
        using var folder = new TemporaryFolder();
        var json = JsonNode.Parse(SmallModels.Config.ToJson(ScalarType.Float32))!.AsObject();
        change?.Invoke(json);
        // As text, for values that no JsonNode holds.
        json.Remove(field);
        var text = json.ToJsonString()[..^1] + $",\"{field}\":{value}}}";
        File.WriteAllText(folder.File("config.json"), text);
        return ModelConfig.Read(folder.Path);
    }
}
