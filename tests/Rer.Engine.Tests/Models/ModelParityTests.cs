using System.Text.Json;
using Rer.Engine.Models;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using Rer.Engine.Models.Weights;
using Rer.Engine.Playground.Language;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>
/// Against the reference implementation's own numbers (transformers, and a float64 forward for the small stories models).
/// </summary>
[Trait("Runs", "OnDevice")]
public sealed class ModelParityTests
{
    private const double Tolerance = 2e-5;

    // In float32 the fused kernels compute, in float64 the operators they stand for.
    public static TheoryData<string, ScalarType> ModelsInBothTypes { get; } = new()
    {
        { "tiny-llama", ScalarType.Float32 }, { "tiny-llama", ScalarType.Float64 },
        { "tiny-qwen2", ScalarType.Float32 }, { "tiny-qwen2", ScalarType.Float64 },
        { "tiny-gpt2", ScalarType.Float32 }, { "tiny-gpt2", ScalarType.Float64 },
    };

    [Theory]
    [MemberData(nameof(ModelsInBothTypes))]
    [SharedData("tiny-gptneox", ScalarType.Float32), SharedData("tiny-gptneox", ScalarType.Float64)]
    public void Logits_of_unpadded_prompts_equal_the_reference(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name, type);
        using var expected = Expected(name);
        using var _ = no_grad();
        for (var i = 0; i < 3; i++)
        {
            var logits = model.Logits(model.Hidden(OnDevice(expected.Read($"prompt{i}.input_ids"))));
            TensorAssert.Close(expected.Read($"prompt{i}.logits"), logits, Tolerance);
            var continued = model.Logits(model.Hidden(OnDevice(expected.Read($"greedy{i}.tokens"))));
            TensorAssert.Close(expected.Read($"greedy{i}.full_logits"), continued, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(ModelsInBothTypes))]
    [SharedData("tiny-gptneox", ScalarType.Float32), SharedData("tiny-gptneox", ScalarType.Float64)]
    public void Logits_of_padded_batches_equal_the_reference_where_the_mask_is_one(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name, type);
        using var expected = Expected(name);
        using var _ = no_grad();
        foreach (var side in (string[])["left", "right"])
        {
            var (ids, mask) = (OnDevice(expected.Read($"{side}.input_ids")), OnDevice(expected.Read($"{side}.attention_mask")));
            TensorAssert.Close(expected.Read($"{side}.logits_mask_pos"), model.Logits(model.Hidden(ids, mask)), Tolerance, mask);

            var counted = arange(ids.shape[1], ScalarType.Int64, ids.device).unsqueeze(0);
            var hidden = model.Backbone.Forward(ids, new FullAttention(mask, counted));
            TensorAssert.Close(expected.Read($"{side}.logits_default_pos"), model.Logits(hidden), Tolerance, mask);
        }
    }

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-qwen2")]
    [InlineData("tiny-gpt2")]
    [SharedData("tiny-gptneox")]
    public void The_last_hidden_state_equals_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name);
        using var expected = Expected(name);
        using var _ = no_grad();
        TensorAssert.Close(expected.Read("prompt0.hidden.4"), model.Hidden(OnDevice(expected.Read("prompt0.input_ids"))), Tolerance);
    }

    [Theory]
    [MemberData(nameof(ModelsInBothTypes))]
    [SharedData("tiny-gptneox", ScalarType.Float32), SharedData("tiny-gptneox", ScalarType.Float64)]
    public void Greedy_sequences_equal_the_reference_alone_and_in_a_left_padded_batch(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name, type);
        using var generator = new TextGenerator(model);
        using var json = JsonDocument.Parse(File.ReadAllText(Fixtures.File("models", name, "expected.json")));
        var prompts = json.RootElement.GetProperty("prompts").EnumerateArray().Select(Ids).ToList();
        var greedy = json.RootElement.GetProperty("greedy");
        var expected = prompts.Select((prompt, i) => Ids(greedy.GetProperty($"prompt{i}").GetProperty("tokens"))[prompt.Length..]).ToList();
        var options = new SamplingOptions { Greedy = true, MaxNewTokens = 24 };

        Assert.Equal(expected, generator.Generate(prompts, options, [0, 0, 0]).Sequences);
        for (var i = 0; i < 3; i++) Assert.Equal(expected[i], generator.Generate([prompts[i]], options, [0]).Sequences[0]);
    }

    [SharedTheory]
    [InlineData("stories260K")]
    [InlineData("babyllama-tok105")]
    public void Small_published_models_continue_prompts_as_the_float64_reference_does(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Load(name);
        using var generator = new TextGenerator(model);
        using var json = JsonDocument.Parse(File.ReadAllText(Fixtures.File("models", name, "expected.json")));
        foreach (var item in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var prompt = Ids(item.GetProperty("prompt_ids"));
            var all = Ids(item.GetProperty("greedy_ids"));
            var options = new SamplingOptions { Greedy = true, MaxNewTokens = 160, EosIds = [1, 2] };
            Assert.Equal(all[prompt.Length..], generator.Generate([prompt], options, [0]).Sequences[0]);

            using var _ = no_grad();
            var ids = OnDevice(tensor(all.Select(id => (long)id).ToArray())).unsqueeze(0);
            var hidden = model.Hidden(ids);
            var logits = model.Logits(hidden);
            TensorAssert.Close(Doubles(item.GetProperty("logits_pos0")), logits[0, 0], Tolerance);
            foreach (var step in item.GetProperty("first_steps").EnumerateArray())
                TensorAssert.Close(Doubles(step.GetProperty("logits")), logits[0, step.GetProperty("position").GetInt64()], Tolerance);
            var (logProbs, _) = model.TokenLogProbs(hidden, ids);
            TensorAssert.Close(Doubles(item.GetProperty("token_logprobs")), logProbs[0], Tolerance);
        }
    }

    private static CausalLm Load(string name, ScalarType type = ScalarType.Float32) =>
        CausalLm.Load(Fixtures.File("models", name), TestDevice.Device, type);

    private static Tensor OnDevice(Tensor tensor) => tensor.to(TestDevice.Device);

    private static Safetensors Expected(string name) => Safetensors.Open(Fixtures.File("models", name, "logits.safetensors"));

    private static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetInt32())];

    private static Tensor Doubles(JsonElement list) => tensor(list.EnumerateArray().Select(value => value.GetDouble()).ToArray());
}
