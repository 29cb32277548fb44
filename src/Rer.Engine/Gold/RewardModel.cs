using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// A Llama backbone with one linear output in place of the language head: transformers' `LlamaForSequenceClassification` with one
/// label (`model.*`, `score.weight`), or Starling-RM's form (`transformer.*`, `v_head.weight`).
/// </summary>
public sealed class RewardModel : IDisposable
{
    private const string ClassifierHead = "score.weight";
    private const string StarlingHead = "v_head.weight";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly LlamaModel _backbone;
    private readonly Tensor _head;

    private RewardModel(LlamaModel backbone, Tensor head, bool isStarling) => (_backbone, _head, IsStarling) = (backbone, head, isStarling);

    /// <summary>The backbone's shape.</summary>
    public ModelConfig Config => _backbone.Config;

    /// <summary>Whether the weights are in Starling-RM's form.</summary>
    public bool IsStarling { get; }

    /// <summary>Where the weights live.</summary>
    public Device Device => _backbone.Weights.Device;

    /// <summary>The leaf tensors, head included.</summary>
    public IReadOnlyList<NamedTensor> Parameters => _backbone.Weights.Parameters;

    /// <summary>Loads a reward model; its tensors' names tell which form it has.</summary>
    /// <exception cref="InvalidDataException">The folder holds no reward model, or its weights do not fit its config.json.</exception>
    public static RewardModel Load(string folder, Device device, ScalarType type = ScalarType.Float32)
    {
        var config = ModelConfig.Read(folder);
        using var weights = WeightFolder.Open(folder);
        var starling = weights.Contains(StarlingHead);
        if (!starling && !weights.Contains(ClassifierHead))
        {
            throw new InvalidDataException(
                $"{folder}: is no reward model: its weights hold neither {ClassifierHead} (a sequence classifier) nor {StarlingHead} (Starling's form).");
        }

        var store = new WeightStore(device, type);
        var backbone = new LlamaModel(config, store, starling ? "transformer." : "model.", withHead: false);
        try
        {
            var head = store.Add(starling ? StarlingHead : ClassifierHead, [1, config.HiddenSize], WeightInit.Zeros);
            // Starling's own file keeps the language model's head beside the reward's.
            store.Load(weights, name => backbone.IsIgnorable(name) || name is "lm_head.weight" || (starling && name.StartsWith("model.", StringComparison.Ordinal)));
            return new RewardModel(backbone, head, starling);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>A classifier on a language model's backbone, with a head at zero: the start of a training.</summary>
    /// <param name="folder">The language model, Llama family.</param>
    /// <param name="device">Where to train.</param>
    public static RewardModel FromPolicy(string folder, Device device)
    {
        var config = ModelConfig.Read(folder);
        using var weights = WeightFolder.Open(folder);
        var store = new WeightStore(device, ScalarType.Float32);
        var backbone = new LlamaModel(config, store, withHead: false);
        try
        {
            store.Load(weights, name => backbone.IsIgnorable(name) || name is "lm_head.weight");
            var head = store.Add(ClassifierHead, [1, config.HiddenSize], WeightInit.Zeros);
            using var guard = no_grad();
            head.zero_();
            return new RewardModel(backbone, head, isStarling: false);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>The reward that the head reads at every position.</summary>
    /// <param name="ids">[sequences, tokens], int64.</param>
    /// <param name="attention">Positions and masks.</param>
    /// <returns>[sequences, tokens], in float32.</returns>
    public Tensor PositionRewards(Tensor ids, Attention attention) =>
        matmul(_backbone.Forward(ids, attention), _head.t()).squeeze(-1).to(ScalarType.Float32);

    /// <summary>
    /// The reward at every position of sequences of different lengths, padded on the right. No mask is needed: under causal attention
    /// a token does not see the padding behind it.
    /// </summary>
    /// <returns>[sequences, longest], in float32; padding's values mean nothing.</returns>
    public Tensor PositionRewards(IReadOnlyList<int[]> sequences)
    {
        var width = sequences.Max(sequence => sequence.Length);
        var ids = new long[sequences.Count * width];
        for (var row = 0; row < sequences.Count; row++)
        {
            for (var t = 0; t < sequences[row].Length; t++) ids[(row * width) + t] = sequences[row][t];
        }

        return PositionRewards(tensor(ids, [sequences.Count, width], device: Device), new FullAttention(width, Device));
    }

    /// <summary>Writes the model as a Hugging Face folder (`config.json`, `model.safetensors`), which transformers loads as it is.</summary>
    /// <param name="folder">Created where it is not there.</param>
    /// <param name="type">Type of the saved weights.</param>
    public void Save(string folder, ScalarType type)
    {
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            _backbone.Weights.Published.ToDictionary(weight => weight.Name, weight => weight.Tensor.detach().to(type)));
        var json = JsonNode.Parse(Config.ToJson(type))!.AsObject();
        json["architectures"] = new JsonArray("LlamaForSequenceClassification");
        json["id2label"] = new JsonObject { ["0"] = "reward" };
        json["label2id"] = new JsonObject { ["reward"] = 0 };
        File.WriteAllText(Path.Combine(folder, "config.json"), json.ToJsonString(Indented) + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _backbone.Dispose();
}
