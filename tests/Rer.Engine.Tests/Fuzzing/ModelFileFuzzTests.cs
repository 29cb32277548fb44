using System.Text;
using System.Text.Json.Nodes;
using Rer.Engine.Gold;
using Rer.Engine.Library;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using Rer.Engine.Tests.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Files of model folders, damaged in every way: a refusal names what is wrong, and nothing else is thrown.</summary>
public sealed class ModelFileFuzzTests
{
    [Fact]
    public void Headers_of_safetensors()
    {
        using var folder = new TemporaryFolder();
        using (var scope = NewDisposeScope())
        {
            var tensors = new Dictionary<string, Tensor> { ["weight"] = ones([2, 3]), ["bias"] = ones([3]), ["scalar"] = ones([]) };
            SafetensorsWriter.Write(folder.File("a"), tensors);
        }

        Reading.Run([File.ReadAllBytes(folder.File("a")), .. FuzzSeeds.Of("safetensors")], ByteMutations.With(ByteMutations.Json), input =>
            Expect(() =>
            {
                var header = SafetensorsHeader.Parse(input, input.Length, "m.safetensors");
                if (header.Entries.Any(entry => entry.End > input.Length))
                    throw new InvalidOperationException("A tensor ends behind its file.");
            }));
    }

    [Fact]
    public void Configurations()
    {
        using var folder = new TemporaryFolder();
        using (var model = SmallModels.Llama()) model.SaveFolder(folder.Path);
        var llama = File.ReadAllText(folder.File("config.json"));
        const string Yarn = """{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":16,"rope_theta":50}""";
        string[] configurations =
        [
            llama, With(llama, "rope_parameters", Yarn), With(llama, "model_type", "\"qwen3\""), Gpt2, NeoX, Bert,
        ];
        var mutate = ByteMutations.With(
            [.. ByteMutations.Json, "\"rope_theta\":", "\"num_hidden_layers\":", "\"quantization_config\":", "\"layer_types\":"]);
        Reading.Run([.. configurations.Select(Encoding.UTF8.GetBytes), .. FuzzSeeds.Of("config")], mutate, input =>
        {
            File.WriteAllBytes(folder.File("config.json"), input);
            Expect(() =>
            {
                var config = ModelConfig.Read(folder.Path);
                if (RotaryFrequencies.Of(config, 100).Any(double.IsNaN) && config.ModelType != "gpt2")
                    throw new InvalidOperationException("A frequency is NaN.");
                // What takes a second to lay out was tried by hand.
                if (config.Layers <= 50) CausalLm.CheckFolder(folder.Path);
            });
            Expect(() => BertConfig.Load(folder.Path));
            ModelSummary.Read(folder.Path);
            GoldRewardModels.Problem(folder.Path);
        });
    }

    [Fact]
    public void Adapters()
    {
        using var folder = new TemporaryFolder();
        using (var model = SmallModels.WithAdapter()) model.SaveAdapter(folder.Path);
        Reading.Run(
            [File.ReadAllBytes(folder.File("adapter_config.json")), .. FuzzSeeds.Of("adapter")],
            ByteMutations.With([.. ByteMutations.Json, "\"r\":", "\"lora_alpha\":", "\"target_modules\":", "\"pissa\""]), input =>
            {
                File.WriteAllBytes(folder.File("adapter_config.json"), input);
                Expect(() => LoraAdapterSet.ReadOptions(folder.Path));
            });
    }

    private const string Gpt2 = """
        {
          "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 61, "n_embd": 8, "n_head": 2, "n_layer": 1,
          "n_positions": 32, "n_inner": null, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05
        }
        """;

    private const string NeoX = """
        {
          "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "vocab_size": 61, "hidden_size": 16, "intermediate_size": 32,
          "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 64, "rotary_pct": 0.25, "rotary_emb_base": 10000
        }
        """;

    private const string Bert = """
        {
          "architectures": ["BertModel"], "model_type": "bert", "vocab_size": 61, "hidden_size": 16, "intermediate_size": 32,
          "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 64, "type_vocab_size": 2, "hidden_act": "gelu"
        }
        """;

    private static string With(string config, string field, string value)
    {
        var json = JsonNode.Parse(config)!.AsObject();
        json[field] = JsonNode.Parse(value);
        return json.ToJsonString();
    }

    /// <summary>Reads; what the engine says of bad files is no fault.</summary>
    private static void Expect(Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            if (error.Message.Length > 20_000)
                throw new InvalidOperationException($"An error of {error.Message.Length} characters.", error);
        }
    }
}
