using Rer.Engine.Input;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Adapters;

/// <summary>The adapters of one model, as PEFT defines, names and stores them. Owns their weights.</summary>
public sealed class LoraAdapterSet : IDisposable
{
    private const string FileName = "adapter_model.safetensors";
    private const string Prefix = "base_model.model.";
    private readonly WeightStore _weights;
    private readonly IReadOnlyList<Projection> _projections;
    private readonly List<LoraAdapter> _adapters = [];

    /// <summary>
    /// Fresh adapters on every module whose published name is a target or ends with `.` and a target: A uniform within
    /// 1 / sqrt(inputs) (Kaiming with a = sqrt 5), B zero, so that the model starts unchanged.
    /// </summary>
    /// <param name="backbone">The model.</param>
    /// <param name="options">Rank, alpha, targets.</param>
    /// <param name="seed">Seed of A.</param>
    /// <exception cref="ArgumentException">A target names no module of the model; the message lists those it has.</exception>
    public LoraAdapterSet(ICausalBackbone backbone, LoraOptions options, ulong seed)
    {
        Options = options;
        _projections = backbone.Weights.Projections;
        CheckTargets(options.TargetModules);
        _weights = new WeightStore(backbone.Weights.Device, ScalarType.Float32);
        using var generator = new Generator(seed);
        foreach (var (projection, part, module) in Modules())
        {
            if (!options.TargetModules.Any(target => Matches(module, target))) continue;
            var a = _weights.Add($"{Prefix}{module}.lora_A.weight", [options.Rank, projection.Inputs]);
            var b = _weights.Add($"{Prefix}{module}.lora_B.weight", [projection.Widths[part], options.Rank]);
            UniformInit.Fill(a, 1 / Math.Sqrt(projection.Inputs), generator);
            using (no_grad()) b.zero_();
            var adapter = new LoraAdapter(module, a, b, options.Alpha / options.Rank);
            projection.Attach(part, adapter);
            _adapters.Add(adapter);
        }
        foreach (var (_, tensor) in _weights.Parameters) tensor.requires_grad = true;
    }

    /// <summary>Rank, alpha, targets.</summary>
    public LoraOptions Options { get; }

    /// <summary>The adapters, in the order of the model.</summary>
    public IReadOnlyList<LoraAdapter> Adapters => _adapters;

    /// <summary>A and B of each module under PEFT's names, in the order of the model.</summary>
    public IReadOnlyList<NamedTensor> Parameters => _weights.Parameters;

    /// <summary>Whether the adapters act.</summary>
    internal bool On
    {
        get => _projections[0].AdaptersOn;
        set
        {
            foreach (var projection in _projections) projection.AdaptersOn = value;
        }
    }

    /// <summary>Reads the options of an adapter folder; the targets are those its tensors are named for.</summary>
    internal static LoraOptions ReadOptions(string folder)
    {
        var options = AdapterConfig.Read(folder);
        using var file = Safetensors.Open(Path.Combine(folder, FileName));
        // The matrices are made before they are read: their size must be the file's.
        if (file.Entries.Values.FirstOrDefault(entry =>
            entry.Name.EndsWith(".lora_A.weight", StringComparison.Ordinal)
            && (entry.Shape.Count != 2 || entry.Shape[0] != options.Rank)) is { } other)
            throw new InvalidDataException(
                $"{file.Path}: {other.Name} is {SafetensorsEntry.Describe(other.Shape)}, but {AdapterConfig.FileName} says r is "
                + $"{options.Rank}.");
        if (options.TargetModules.Count > 0) return options;
        var modules = file.Entries.Keys.Select(name => name.Split(".lora_")[0].Split('.')[^1]).Distinct().Order(StringComparer.Ordinal);
        return options with { TargetModules = [.. modules] };
    }

    /// <summary>Fills the adapters from a folder that PEFT or <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">The folder holds no adapter.</exception>
    /// <exception cref="InvalidDataException">Its tensors are not those of this model with these options.</exception>
    public void Load(string folder)
    {
        using var file = Safetensors.Open(Path.Combine(folder, FileName));
        var missing = _weights.Parameters.Where(weight => !file.Entries.ContainsKey(weight.Name)).Select(weight => weight.Name).ToList();
        var extra = file.Entries.Keys.Except(_weights.Parameters.Select(weight => weight.Name)).ToList();
        if (missing.Count + extra.Count > 0)
            throw new InvalidDataException(
                $"{file.Path}: the adapter does not fit this model. Missing: {List(missing)}. Not part of it: {List(extra)}.");
        foreach (var (name, tensor) in _weights.Parameters) file.ReadInto(name, tensor);
    }

    /// <summary>Writes `adapter_model.safetensors` and `adapter_config.json`, as PEFT does.</summary>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="baseModel">Folder or name of the model, for the config.</param>
    /// <param name="transposed">The base model publishes its weights as [inputs, outputs] (GPT-2).</param>
    public void Save(string folder, string? baseModel, bool transposed)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, FileName),
            _weights.Parameters.ToDictionary(weight => weight.Name, weight => weight.Tensor));
        File.WriteAllText(Path.Combine(folder, AdapterConfig.FileName), AdapterConfig.Write(Options, baseModel, transposed));
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    private IEnumerable<(Projection Projection, int Part, string Module)> Modules() =>
        from projection in _projections
        from part in Enumerable.Range(0, projection.Modules.Count)
        select (projection, part, projection.Modules[part]);

    private void CheckTargets(IReadOnlyList<string> targets)
    {
        var unknown = targets.Where(target => !Modules().Any(item => Matches(item.Module, target))).ToList();
        if (targets.Count > 0 && unknown.Count == 0) return;
        var known = Modules().Select(item => item.Module.Split('.')[^1]).Distinct();
        throw new ArgumentException(targets.Count == 0
            ? $"LoRA needs at least one target module. This model has {string.Join(", ", known)}."
            : $"LoRA target {string.Join(", ", unknown)}: this model has no such module. It has {string.Join(", ", known)}.");
    }

    private static bool Matches(string module, string target) =>
        module == target || module.EndsWith("." + target, StringComparison.Ordinal);

    private static string List(List<string> names) =>
        names.Count == 0 ? "none"
            : string.Join(", ", names.Take(6).Select(name => Excerpt.Of(name))) + (names.Count > 6 ? $" and {names.Count - 6} more" : "");
}

/// <summary>
/// The adapter of one published linear layer: its output gains `scale · (x Aᵀ) Bᵀ` (Hu et al. 2021).
/// </summary>
/// <param name="Module">Published name of the layer, such as `model.layers.0.self_attn.q_proj`.</param>
/// <param name="A">[rank, inputs], float32.</param>
/// <param name="B">[outputs, rank], float32.</param>
/// <param name="Scale">alpha / rank.</param>
public sealed record LoraAdapter(string Module, Tensor A, Tensor B, double Scale);
