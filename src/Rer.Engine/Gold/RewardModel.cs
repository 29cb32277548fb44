using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// A language model's backbone with a linear head in place of the language head, in one of the forms such models are published in
/// (<see cref="RewardForm"/>).
/// </summary>
public sealed class RewardModel : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly ICausalBackbone _backbone;
    private readonly Tensor _head;
    private readonly Tensor? _bias;
    private readonly int _label;

    private RewardModel(ICausalBackbone backbone, RewardForm form, Tensor head, Tensor? bias, int label) =>
        (_backbone, Form, _head, _bias, _label) = (backbone, form, head, bias, label);

    /// <summary>The backbone's shape.</summary>
    public ModelConfig Config => _backbone.Config;

    /// <summary>The form it is published in.</summary>
    public RewardForm Form { get; }

    /// <summary>The padding id that config.json states, which the reading looks for; null where it states none.</summary>
    public int? PadId { get; private init; }

    /// <summary>Subtracted from every reward. Default 0; OpenRLHF's `mean`.</summary>
    public double Mean { get; private init; }

    /// <summary>Divides every reward. Default 1; OpenRLHF's `std`.</summary>
    public double StandardDeviation { get; private init; } = 1;

    /// <summary>Where the weights live.</summary>
    public Device Device => _backbone.Weights.Device;

    /// <summary>The leaf tensors, head included.</summary>
    public IReadOnlyList<NamedTensor> Parameters => _backbone.Weights.Parameters;

    /// <summary>Makes all weights trainable, or none.</summary>
    internal void RequireGrad(bool all) => _backbone.Weights.RequireGrad(all);

    /// <summary>Loads a reward model; its tensors' names tell which form it has.</summary>
    /// <param name="folder">Hugging Face layout.</param>
    /// <param name="device">Where to.</param>
    /// <param name="type">Type of the weights; null is float32 on the CPU and the checkpoint's own on CUDA.</param>
    /// <param name="label">The output that is the reward, by name or number, where the head has several.</param>
    /// <param name="normalize">Apply `mean` and `std` of config.json; null does unless its `normalize_reward` is false.</param>
    /// <exception cref="InvalidDataException">The folder holds no reward model, or its weights do not fit its config.json.</exception>
    public static RewardModel Load(string folder, Device device, ScalarType? type = null, string? label = null, bool? normalize = null)
    {
        var (config, fields) = (ModelConfig.Read(folder), ConfigFields.Read(Path.Combine(folder, "config.json")));
        using var weights = WeightFolder.Open(folder);
        var (form, labels) = Check(folder, config, fields, weights);
        var backbone = ArchitectureRegistry.Create(config, device, type ?? config.TypeOn(device.type), form.Prefix, withHead: false);
        try
        {
            var head = backbone.Weights.Add(form.HeadWeight, [labels, config.HiddenSize], WeightInit.Zeros);
            var bias = weights.Contains(form.HeadBias) ? backbone.Weights.Add(form.HeadBias, [labels], WeightInit.Zeros) : null;
            backbone.Weights.Load(weights, name => backbone.IsIgnorable(name) || MayStandBeside(form, name));
            var scaled = fields.Has("mean") && fields.Has("std") && (normalize ?? fields.Flag("normalize_reward", true));
            return new RewardModel(backbone, form, head, bias, RewardLabels.Index(folder, labels, label))
            {
                // Starling pads with the unknown token, id 0 in every Llama vocabulary, whatever config.json says.
                PadId = form == RewardForm.Starling ? 0 : fields.OptionalInt("pad_token_id"),
                Mean = scaled ? fields.Number("mean", 0) : 0,
                StandardDeviation = scaled ? fields.Number("std", 1) : 1,
            };
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a folder holds a reward model whose weights are those its config.json asks for, by their headers
    /// alone.</summary>
    /// <exception cref="InvalidDataException">It does not; the message lists what is wrong.</exception>
    internal static void CheckFolder(string folder)
    {
        using var weights = WeightFolder.Open(folder);
        Check(folder, ModelConfig.Read(folder), ConfigFields.Read(Path.Combine(folder, "config.json")), weights);
    }

    /// <summary>The form that a folder's weights have, and the rows of its head.</summary>
    private static (RewardForm Form, long Labels) Check(string folder, ModelConfig config, ConfigFields fields, WeightFolder weights)
    {
        var form = RewardForm.Of(weights, fields) ?? throw new InvalidDataException(
            $"{folder}: is no reward model: its weights hold none of the heads known: {RewardForm.Heads}, or what config.json names as "
                + $"value_head_prefix.");
        ArchitectureRegistry.Check(config, weights, form.Prefix, withHead: false, name =>
            name == form.HeadWeight || name == form.HeadBias || MayStandBeside(form, name));
        var shape = weights.Entries.First(entry => entry.Name == form.HeadWeight).Shape;
        return shape is [var labels and > 0, var width] && width == config.HiddenSize ? (form, labels) : throw new InvalidDataException(
            $"{folder}: {form.HeadWeight} is {SafetensorsEntry.Describe(shape)}; a head is [outputs, {config.HiddenSize}].");
    }

    /// <summary>Some files keep the language model's head beside the reward's, Starling's its whole backbone a second time.</summary>
    private static bool MayStandBeside(RewardForm form, string name) => name is "lm_head.weight" or "embed_out.weight"
        || (form == RewardForm.Starling && name.StartsWith("model.", StringComparison.Ordinal));

    /// <summary>A classifier on a language model's backbone, with a head at zero: the start of a training.</summary>
    /// <param name="folder">The language model.</param>
    /// <param name="device">Where to train.</param>
    public static RewardModel FromPolicy(string folder, Device device)
    {
        var config = ModelConfig.Read(folder);
        using var weights = WeightFolder.Open(folder);
        ArchitectureRegistry.Check(config, weights, withHead: false, besides: name => MayStandBeside(RewardForm.Classifier, name));
        var backbone = ArchitectureRegistry.Create(config, device, ScalarType.Float32, withHead: false);
        try
        {
            backbone.Weights.Load(weights, name => backbone.IsIgnorable(name) || MayStandBeside(RewardForm.Classifier, name));
            var head = backbone.Weights.Add(RewardForm.Classifier.HeadWeight, [1, config.HiddenSize], WeightInit.Zeros);
            using var guard = no_grad();
            head.zero_();
            var pad = ConfigFields.Read(Path.Combine(folder, "config.json")).OptionalInt("pad_token_id");
            return new RewardModel(backbone, RewardForm.Classifier, head, null, 0) { PadId = pad };
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
    public Tensor PositionRewards(Tensor ids, SelfAttention attention)
    {
        using var scope = NewDisposeScope();
        var rewards = matmul(_backbone.Forward(ids, attention), _head.narrow(0, _label, 1).t()).squeeze(-1);
        if (_bias is not null) rewards = rewards + _bias[_label];
        rewards = rewards.to(ScalarType.Float32);
        if (Mean != 0 || StandardDeviation != 1) rewards = (rewards - Mean) / StandardDeviation;
        return rewards.MoveToOuterDisposeScope();
    }

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

    /// <summary>
    /// Writes the model as a Hugging Face folder (`config.json`, `model.safetensors`), which transformers loads as it is.
    /// </summary>
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
        json["architectures"] = new JsonArray(ArchitectureRegistry.ClassifierOf(Config));
        json["id2label"] = new JsonObject { ["0"] = "reward" };
        json["label2id"] = new JsonObject { ["reward"] = 0 };
        File.WriteAllText(Path.Combine(folder, "config.json"), json.ToJsonString(Indented) + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _backbone.Dispose();
}
