using Rer.Engine.Kernels;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// A language model with, where asked for, an adapter and a value head: policy, reference and value function on one
/// backbone. The reference model is this one with the adapter off (<see cref="DisableAdapter"/>). Not thread-safe.
/// </summary>
public sealed class CausalLm : IDisposable
{
    private readonly ICausalBackbone _backbone;
    private bool _allTrainable;

    private CausalLm(ICausalBackbone backbone, string? folder)
    {
        _backbone = backbone;
        Folder = folder;
        EosIds = backbone.Config.EosIds;
    }

    /// <summary>The folder it was loaded from, or null.</summary>
    public string? Folder { get; }

    /// <summary>Its shape and its special ids.</summary>
    public ModelConfig Config => _backbone.Config;

    /// <summary>Ids that end a response: the model's own, and what a chat template adds.</summary>
    public IReadOnlyList<int> EosIds { get; set; }

    /// <summary>The transformer.</summary>
    public ICausalBackbone Backbone => _backbone;

    /// <summary>Where it lives.</summary>
    public Device Device => _backbone.Weights.Device;

    /// <summary>Type of the backbone's weights and activations. Adapter and value head are float32.</summary>
    public ScalarType Type => _backbone.Weights.Type;

    /// <summary>The adapter, once <see cref="AddLora"/> or <see cref="LoadAdapter"/> has put one on.</summary>
    public LoraAdapterSet? Adapter { get; private set; }

    /// <summary>The value head, once <see cref="AddValueHead"/> has made one.</summary>
    public ValueHead? ValueHead { get; private set; }

    /// <summary>Loads a Hugging Face folder; float16, bfloat16 and float32 checkpoints are converted.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to; null is the CPU.</param>
    /// <param name="type">Type of the weights; null is float32 on the CPU and the checkpoint's `torch_dtype` on CUDA.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or weights and config.json disagree.</exception>
    /// <exception cref="NotSupportedException">The architecture is not known; the message lists those that are.</exception>
    public static CausalLm Load(string folder, Device? device = null, ScalarType? type = null)
    {
        var config = ModelConfig.Read(folder);
        ArchitectureRegistry.RequirePolicy(config, folder);
        device ??= CPU;
        using var weights = WeightFolder.Open(folder);
        ArchitectureRegistry.Check(config, weights);
        var backbone = ArchitectureRegistry.Create(config, device, type ?? config.TypeOn(device.type));
        try
        {
            backbone.Weights.Load(weights, backbone.IsIgnorable);
            return new CausalLm(backbone, folder);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a folder's weights are those its config.json asks for, by their headers alone: no weight is read.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is damaged, or tensors are missing, extra, of another shape or of a type that cannot be read; all are listed.
    /// </exception>
    /// <exception cref="NotSupportedException">The architecture is not known; the message lists those that are.</exception>
    public static void CheckFolder(string folder)
    {
        var config = ModelConfig.Read(folder);
        ArchitectureRegistry.RequirePolicy(config, folder);
        using var weights = WeightFolder.Open(folder);
        ArchitectureRegistry.Check(config, weights);
    }

    /// <summary>A new model with random weights, the same for a seed on every device.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="device">Where to; null is the CPU.</param>
    /// <param name="type">Type of the weights; null is float32 on the CPU and bfloat16 on CUDA.</param>
    public static CausalLm Create(ModelConfig config, ulong seed, Device? device = null, ScalarType? type = null)
    {
        device ??= CPU;
        var backbone = ArchitectureRegistry.Create(config, device, type ?? config.TypeOn(device.type));
        backbone.Weights.Initialise(seed, config.InitializerRange);
        return new CausalLm(backbone, null);
    }

    /// <summary>Hidden states after the final norm, [batch, tokens, hidden].</summary>
    /// <param name="ids">[batch, tokens], int64.</param>
    /// <param name="attentionMask">
    /// [batch, tokens], 1 on tokens and 0 on padding, left or right; null where there is no padding.
    /// </param>
    public Tensor Hidden(Tensor ids, Tensor? attentionMask = null)
    {
        using var scope = NewDisposeScope();
        var attention = attentionMask is null ? new FullAttention(ids.shape[1], ids.device) : new FullAttention(attentionMask);
        return _backbone.Forward(ids, attention).MoveToOuterDisposeScope();
    }

    /// <summary>Logits over the vocabulary, float32: [.., vocabulary].</summary>
    /// <param name="hidden">From <see cref="Hidden"/>: [.., hidden].</param>
    public Tensor Logits(Tensor hidden) => Kernels.Linear(hidden, Head, bias: null).to(ScalarType.Float32);

    /// <summary>Value of each position, float32.</summary>
    /// <param name="hidden">From <see cref="Hidden"/>: [.., hidden].</param>
    /// <exception cref="InvalidOperationException">The model has no value head.</exception>
    public Tensor Values(Tensor hidden) =>
        (ValueHead ?? throw new InvalidOperationException("The model has no value head: call AddValueHead first.")).Forward(hidden);

    /// <summary>
    /// Log-probability of each token given those before it, and the entropy of the distribution it was drawn from.
    /// </summary>
    /// <param name="hidden">[batch, tokens, hidden].</param>
    /// <param name="ids">[batch, tokens], int64.</param>
    /// <param name="mask">
    /// [batch, tokens - 1]: position t, which scores token t + 1, is computed where this is not 0 and is 0 elsewhere; null computes all.
    /// </param>
    /// <returns>Both [batch, tokens - 1], float32; the entropy, in nats, carries no gradient.</returns>
    public (Tensor LogProbs, Tensor Entropy) TokenLogProbs(Tensor hidden, Tensor ids, Tensor? mask = null) =>
        Models.TokenLogProbs.Shifted(Kernels, hidden, Head, ids, mask);

    /// <summary>Puts a fresh adapter on the model and freezes everything else of the backbone.</summary>
    /// <param name="options">Rank, alpha, targets.</param>
    /// <param name="seed">Seed of A.</param>
    /// <exception cref="ArgumentException">A target names no module of the model; the message lists those it has.</exception>
    public void AddLora(LoraOptions options, ulong seed)
    {
        if (Adapter is not null) throw new InvalidOperationException("The model has an adapter already.");
        RequireGrad(false);
        Adapter = new LoraAdapterSet(_backbone, options, seed);
    }

    /// <summary>Puts a value head on the model.</summary>
    /// <param name="seed">Seed of its weights.</param>
    public void AddValueHead(ulong seed)
    {
        if (ValueHead is not null) throw new InvalidOperationException("The model has a value head already.");
        ValueHead = new ValueHead(Config.HiddenSize, Device, seed);
    }

    /// <summary>Makes all the backbone's weights trainable, or none.</summary>
    public void RequireGrad(bool all)
    {
        _allTrainable = all;
        _backbone.Weights.RequireGrad(all);
    }

    /// <summary>
    /// What an optimiser trains, in a fixed order: the backbone's weights where <see cref="RequireGrad"/> asked for them, the
    /// adapter's under PEFT's names (`base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`), the value head's under TRL's.
    /// </summary>
    public IReadOnlyList<NamedTensor> TrainableParameters() =>
    [
        .. _allTrainable ? _backbone.Weights.Parameters : [],
        .. Adapter?.Parameters ?? [],
        .. ValueHead?.Parameters ?? [],
    ];

    /// <summary>The model computes as the frozen backbone until the result is disposed: the reference of the KL penalty.</summary>
    public IDisposable DisableAdapter()
    {
        if (Adapter is not { } adapter) return new Restore(() => { });
        var before = adapter.On;
        adapter.On = false;
        return new Restore(() => adapter.On = before);
    }

    /// <summary>
    /// The model computes with the adapter folded into copies of the weights until the result is disposed: faster where no
    /// gradient is needed. The weights are not touched, so folding and unfolding never drifts. In bfloat16 and float16, where an
    /// adapter's small changes would be lost to rounding, it stays apart and is only cast once for all passes.
    /// </summary>
    public IDisposable MergeAdapter()
    {
        foreach (var projection in _backbone.Weights.Projections) projection.Merge();
        return new Restore(() =>
        {
            foreach (var projection in _backbone.Weights.Projections) projection.Unmerge();
        });
    }

    /// <summary>Writes the adapter as PEFT does, and the value head where there is one.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <exception cref="InvalidOperationException">The model has no adapter.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void SaveAdapter(string folder)
    {
        var adapter = Adapter ?? throw new InvalidOperationException("The model has no adapter to save.");
        adapter.Save(folder, Folder, Config.ModelType == "gpt2");
        ValueHead?.Save(folder);
    }

    /// <summary>
    /// Reads an adapter that PEFT or <see cref="SaveAdapter"/> wrote, putting one on where the model has none, and the value
    /// head where both the model and the folder have one.
    /// </summary>
    /// <exception cref="FileNotFoundException">The folder holds no adapter.</exception>
    /// <exception cref="InvalidDataException">The adapter does not fit the model.</exception>
    public void LoadAdapter(string folder)
    {
        if (Adapter is null) AddLora(LoraAdapterSet.ReadOptions(folder), seed: 0);
        Adapter!.Load(folder);
        if (ValueHead is not null && File.Exists(Path.Combine(folder, ValueHead.FileName))) ValueHead.Load(folder);
    }

    /// <summary>
    /// Writes a Hugging Face folder: config.json, generation_config.json and model.safetensors. A tokenizer is the caller's to add.
    /// </summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="type">Type of the weights; null keeps the model's.</param>
    /// <param name="mergeAdapter">Fold the adapter into the weights written; otherwise it is left out.</param>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void SaveFolder(string folder, ScalarType? type = null, bool mergeAdapter = false)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Directory.CreateDirectory(folder);
        var weights = _backbone.Weights.Published.ToDictionary(weight => weight.Name, weight => weight.Tensor);
        if (mergeAdapter)
        {
            foreach (var (name, weight) in _backbone.Weights.MergedWeights()) weights[name] = weight;
        }
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights, type: type ?? Type);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config.ToJson(type ?? Type));
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), ModelConfigWriter.Generation(Config));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ValueHead?.Dispose();
        Adapter?.Dispose();
        _backbone.Dispose();
    }

    /// <summary>What it computes with.</summary>
    internal IKernels Kernels => _backbone.Weights.Kernels;

    /// <summary>The output head, `[vocabulary, hidden]`.</summary>
    internal Tensor Head => _backbone.Head ?? throw new InvalidOperationException("The model was built without an output head.");

    private sealed class Restore(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Dispose()
        {
            _action?.Invoke();
            _action = null;
        }
    }
}
