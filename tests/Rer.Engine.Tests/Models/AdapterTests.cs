using System.Text.Json.Nodes;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Weights;
using Rer.Engine.Playground.Language;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class AdapterTests
{
    private const double Tolerance = 2e-5;

    [Theory]
    [Trait("Runs", "OnDevice")]
    [InlineData("init")]
    [InlineData("step3")]
    public void An_adapter_that_PEFT_wrote_computes_what_PEFT_computes_on_off_and_merged(string name)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = TinyLlama();
        using var expected = Safetensors.Open(Fixtures.File("adapter", "expected.safetensors"));
        model.LoadAdapter(Fixtures.File("adapter", name));
        var (ids, mask) = (expected.Read("input_ids").to(TestDevice.Device), expected.Read("attention_mask").to(TestDevice.Device));
        Tensor Logits() => model.Logits(model.Hidden(ids, mask));

        TensorAssert.Close(expected.Read($"{name}.logits_adapter_on"), Logits(), Tolerance, mask);
        using (model.DisableAdapter()) TensorAssert.Close(expected.Read($"{name}.logits_adapter_off"), Logits(), Tolerance, mask);
        using (model.MergeAdapter()) TensorAssert.Close(expected.Read($"{name}.logits_merged"), Logits(), Tolerance, mask);
        TensorAssert.Close(expected.Read($"{name}.logits_adapter_on"), Logits(), Tolerance, mask);
        foreach (var (published, weight) in model.Backbone.Weights.MergedWeights())
            TensorAssert.Close(expected.Read($"{name}.merged.{published}"), weight, 1e-6);
    }

    [Fact]
    [Trait("Runs", "OnDevice")]
    public void Values_read_the_hidden_state_after_the_final_norm()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = TinyLlama();
        using var expected = Safetensors.Open(Fixtures.File("adapter", "expected.safetensors"));
        using var ppo = Safetensors.Open(Fixtures.File("ppo", "right", "tensors.safetensors"));
        model.LoadAdapter(Fixtures.File("adapter", "init"));
        model.AddValueHead(1);
        ppo.ReadInto("init.v_head.summary.weight", model.ValueHead!.Weight);
        ppo.ReadInto("init.v_head.summary.bias", model.ValueHead.Bias);
        var mask = expected.Read("attention_mask").to(TestDevice.Device);
        var values = model.Values(model.Hidden(expected.Read("input_ids").to(TestDevice.Device), mask));
        TensorAssert.Close(expected.Read("init.values").unsqueeze(-1), values.unsqueeze(-1), Tolerance, mask);
    }

    [Fact]
    public void A_fresh_adapter_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallModels.Llama();
        var ids = SmallModels.Ids(2, 9);
        var before = model.Hidden(ids);
        model.AddLora(new LoraOptions(), seed: 3);
        Assert.True(model.Hidden(ids).SameAs(before));
        Assert.All(model.Adapter!.Adapters,
            adapter => Assert.InRange(adapter.A.abs().max().item<float>(), 1e-3, 1 / Math.Sqrt(adapter.A.shape[1])));
    }

    [Fact]
    public void Folding_and_unfolding_many_times_never_drifts()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallModels.WithAdapter();
        var ids = SmallModels.Ids(2, 9);
        var before = model.Hidden(ids);
        for (var i = 0; i < 50; i++)
        {
            using (model.MergeAdapter()) Assert.False(model.Hidden(ids).SameAs(before));
        }
        Assert.True(model.Hidden(ids).SameAs(before));
    }

    [Fact]
    public void In_bfloat16_nothing_is_folded_the_adapter_is_cast_once_and_afresh_each_time()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var model = SmallModels.WithAdapter(ScalarType.BFloat16);
        var ids = SmallModels.Ids(2, 9);
        for (var i = 0; i < 2; i++)
        {
            var apart = model.Hidden(ids);
            using (model.MergeAdapter()) Assert.True(model.Hidden(ids).SameAs(apart));
            foreach (var adapter in model.Adapter!.Adapters) adapter.B.mul_(3);
            Assert.False(model.Hidden(ids).SameAs(apart));
        }
    }

    [Fact]
    public void Only_the_adapter_and_the_value_head_are_trained_under_LoRA()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModels.WithAdapter();
        model.AddValueHead(5);
        var hidden = model.Hidden(SmallModels.Ids(2, 9));
        (model.Logits(hidden).sum() + model.Values(hidden).sum()).backward();
        Assert.All(model.TrainableParameters(),
            parameter => Assert.True(parameter.Tensor.grad is { } grad && grad.abs().sum().item<float>() > 0, parameter.Name));
        Assert.All(model.Backbone.Weights.Parameters, parameter => Assert.Null(parameter.Tensor.grad));
        Assert.Equal(
            ["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
             "base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight",
             "base_model.model.model.layers.0.self_attn.v_proj.lora_B.weight"],
            model.TrainableParameters().Take(4).Select(parameter => parameter.Name));
        Assert.Equal(["v_head.summary.weight", "v_head.summary.bias"],
            model.TrainableParameters().TakeLast(2).Select(parameter => parameter.Name));
    }

    [Fact]
    public void All_weights_are_trained_where_that_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModels.Llama();
        model.RequireGrad(true);
        model.Logits(model.Hidden(SmallModels.Ids(2, 9))).log_softmax(-1).select(-1, 3).sum().backward();
        Assert.Equal(model.Backbone.Weights.Parameters.Count, model.TrainableParameters().Count);
        Assert.All(model.TrainableParameters(),
            parameter => Assert.True(parameter.Tensor.grad is { } grad && grad.abs().sum().item<float>() > 0, parameter.Name));
    }

    [Fact]
    public void A_saved_adapter_loads_into_a_fresh_model_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var folder = new TemporaryFolder();
        using var model = SmallModels.WithAdapter();
        model.AddValueHead(5);
        model.SaveAdapter(folder.Path);
        using var other = SmallModels.Llama();
        other.AddValueHead(6);
        other.LoadAdapter(folder.Path);
        Assert.Equal(model.Adapter!.Options.Rank, other.Adapter!.Options.Rank);
        Assert.Equal(model.Adapter.Options.Alpha, other.Adapter.Options.Alpha);
        foreach (var (mine, its) in model.TrainableParameters().Zip(other.TrainableParameters()))
        {
            Assert.Equal(mine.Name, its.Name);
            Assert.True(mine.Tensor.SameAs(its.Tensor), mine.Name);
        }
    }

    [Fact]
    public void A_saved_adapter_has_the_files_and_names_that_PEFT_writes()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = TinyLlama();
        model.LoadAdapter(Fixtures.File("adapter", "step3"));
        model.SaveAdapter(folder.Path);
        using var written = Safetensors.Open(folder.File("adapter_model.safetensors"));
        using var original = Safetensors.Open(Fixtures.File("adapter", "step3", "adapter_model.safetensors"));
        Assert.Equal(original.Entries.Keys.Order(), written.Entries.Keys.Order());
        Assert.All(original.Entries.Keys, name => Assert.True(original.Read(name).SameAs(written.Read(name)), name));
        Assert.True(File.Exists(folder.File("adapter_config.json")));
    }

    [Fact]
    public void A_target_that_the_model_has_not_is_named_with_those_it_has()
    {
        using var model = SmallModels.Llama();
        var error = Assert.Throws<ArgumentException>(() => model.AddLora(new LoraOptions { TargetModules = ["q_proj", "c_attn"] }, 1));
        Assert.Contains("c_attn", error.Message);
        Assert.Contains("k_proj", error.Message);
    }

    [Theory]
    [InlineData("\"LORA\"", "\"IA3\"", "peft_type")]
    [InlineData("\"none\"", "\"all\"", "bias")]
    [InlineData("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]", "modules_to_save")]
    public void An_adapter_of_another_kind_is_refused_by_field(string present, string replacement, string field)
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModels.WithAdapter();
        model.SaveAdapter(folder.Path);
        var path = folder.File("adapter_config.json");
        var text = File.ReadAllText(path);
        Assert.Contains(present, text);
        File.WriteAllText(path, text.Replace(present, replacement, StringComparison.Ordinal));
        using var other = SmallModels.Llama();
        Assert.Contains(field, Assert.Throws<InvalidDataException>(() => other.LoadAdapter(folder.Path)).Message);
    }

    [Theory]
    [InlineData("init_lora_weights", "\"pissa\"", "relative to changed base weights")]
    [InlineData("init_lora_weights", "\"pissa_niter_16\"", "relative to changed base weights")]
    [InlineData("init_lora_weights", "\"olora\"", "relative to changed base weights")]
    [InlineData("init_lora_weights", "\"corda\"", "relative to changed base weights")]
    [InlineData("init_lora_weights", "\"loftq\"", "relative to changed base weights")]
    [InlineData("alora_invocation_tokens", "[5,6]", "acts behind those tokens alone")]
    [InlineData("use_rslora", "true", "alpha / sqrt(r)")]
    [InlineData("use_dora", "true", "DoRA")]
    [InlineData("use_qalora", "true", "QALoRA")]
    [InlineData("lora_bias", "true", "biases of the adapter")]
    [InlineData("rank_pattern", "{\"q_proj\":4}", "the same rank and alpha")]
    [InlineData("alpha_pattern", "{\"q_proj\":4}", "the same rank and alpha")]
    [InlineData("modules_to_save", "[\"score\"]", "trained whole beside the adapter")]
    [InlineData("trainable_token_indices", "[1]", "rows of the embedding")]
    [InlineData("target_parameters", "[\"w\"]", "bare parameters")]
    [InlineData("layer_replication", "[[0,2],[1,2]]", "occur more than once")]
    [InlineData("layers_to_transform", "[0]", "every layer must carry")]
    [InlineData("exclude_modules", "[\"v_proj\"]", "every layer must carry")]
    [InlineData("arrow_config", "{\"top_k\":2}", "several adapters")]
    [InlineData("loftq_config", "{\"loftq_bits\":4}", "relative to changed base weights")]
    [InlineData("bias", "\"lora_only\"", "biases were trained")]
    [InlineData("use_something_new", "true", "is not known here")]
    [InlineData("r", "1000000000", "outside [1, 16777216]")]
    [InlineData("r", "5", "but adapter_config.json says r is 5")]
    [InlineData("lora_alpha", "-1", "a number above 0")]
    public void A_field_that_changes_what_an_adapter_means_is_refused_by_its_name(string field, string value, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() => LoadWith(field, value));
        Assert.Contains("adapter_config.json", error.Message);
        Assert.Contains(field + " ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("init_lora_weights", "\"gaussian\"")]
    [InlineData("init_lora_weights", "false")]
    [InlineData("init_lora_weights", "\"eva\"")]
    [InlineData("eva_config", "{\"rho\":2.0}")]
    [InlineData("lora_dropout", "0.1")]
    [InlineData("megatron_core", "\"megatron.core\"")]
    [InlineData("qalora_group_size", "16")]
    [InlineData("loftq_config", "{}")]
    [InlineData("peft_version", "\"0.18.0\"")]
    [InlineData("use_something_new", "false")]
    [InlineData("something_new", "null")]
    public void A_field_that_changes_nothing_in_a_trained_adapter_is_passed_over(string field, string value) => LoadWith(field, value);

    [Fact]
    public void An_adapter_of_another_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModels.WithAdapter();
        model.SaveAdapter(folder.Path);
        using var other = CausalLm.Create(SmallModels.Config with { HiddenSize = 48, HeadSize = 12 }, 1);
        Assert.Contains("q_proj.lora_A", Assert.Throws<InvalidDataException>(() => other.LoadAdapter(folder.Path)).Message);
    }

    /// <summary>Saves an adapter, sets one field of its configuration, and loads it.</summary>
    private static void LoadWith(string field, string value)
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModels.WithAdapter();
        model.SaveAdapter(folder.Path);
        var path = folder.File("adapter_config.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[field] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        using var other = SmallModels.Llama();
        other.LoadAdapter(folder.Path);
    }

    private static CausalLm TinyLlama() => CausalLm.Load(Fixtures.File("models", "tiny-llama"), TestDevice.Device, ScalarType.Float32);

    [Fact]
    public void A_frozen_model_computes_with_the_weights_that_training_left()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModels.Llama();
        var ids = SmallModels.Ids(2, 9);
        using (no_grad()) model.Hidden(ids);
        model.RequireGrad(true);
        using (no_grad())
        {
            foreach (var (_, weight) in model.Backbone.Weights.Parameters) weight.mul_(1.5);
        }
        var trained = model.Hidden(ids).detach();
        model.RequireGrad(false);
        using (no_grad()) TensorAssert.Close(trained, model.Hidden(ids), 1e-4);
    }
}
