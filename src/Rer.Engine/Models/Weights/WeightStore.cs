using Rer.Engine.Kernels;
using Rer.Engine.Kernels.Simd.Products;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>
/// The weights of a model: what it computes with (<see cref="Parameters"/>), and the same memory under the names and
/// shapes in which such models are published (<see cref="Published"/>). The two differ where one matmul serves several
/// published layers. Owns every tensor.
/// </summary>
/// <param name="device">Where the weights live.</param>
/// <param name="type">Their type.</param>
public sealed class WeightStore(Device device, ScalarType type) : IDisposable
{
    private readonly List<NamedTensor> _published = [];
    private readonly List<NamedTensor> _parameters = [];
    private readonly List<Projection> _projections = [];
    private readonly List<(Tensor Weight, WeightInit Init)> _initial = [];

    /// <summary>Where the weights live.</summary>
    public Device Device { get; } = device;

    /// <summary>Their type.</summary>
    public ScalarType Type { get; } = type;

    /// <summary>What a model of these weights computes with.</summary>
    internal IKernels Kernels { get; init; } = IKernels.For(device, type);

    /// <summary>A beginning of the published names that checkpoints of the bare model leave off, or null.</summary>
    public string? OptionalPrefix { get; set; }

    /// <summary>Views with published names and shapes, in the order of the model.</summary>
    public IReadOnlyList<NamedTensor> Published => _published;

    /// <summary>The leaf tensors that the model computes with, in the order of the model.</summary>
    public IReadOnlyList<NamedTensor> Parameters => _parameters;

    /// <summary>The linear layers that may carry an adapter.</summary>
    public IReadOnlyList<Projection> Projections => _projections;

    /// <summary>Bytes of all parameters.</summary>
    public long Bytes => _parameters.Sum(parameter => parameter.Tensor.numel() * parameter.Tensor.element_size());

    /// <summary>
    /// Makes all parameters trainable, or none. Copies that were laid out for products are given up: the weights will change.
    /// </summary>
    internal void RequireGrad(bool all)
    {
        foreach (var (_, tensor) in _parameters)
        {
            tensor.requires_grad = all;
            PackedWeight.Forget(tensor);
        }
    }

    /// <summary>Adds a weight. Its values are undefined until <see cref="Load"/> or <see cref="Initialise"/>.</summary>
    /// <param name="name">Published name.</param>
    /// <param name="shape">Shape, as published.</param>
    /// <param name="init">How <see cref="Initialise"/> fills it.</param>
    public Tensor Add(string name, long[] shape, WeightInit init = WeightInit.Normal)
    {
        var weight = Allocate(name, shape, init);
        _published.Add(new NamedTensor(name, weight));
        return weight;
    }

    /// <summary>Adds linear layers that read the same input as one projection.</summary>
    /// <param name="name">Name of the projection's parameters, where it serves more than one published layer.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="parts">Published module name and width of each output, in order.</param>
    /// <param name="bias">Whether each layer has a bias.</param>
    /// <param name="transposed">Published as [inputs, outputs] (GPT-2's Conv1D) rather than [outputs, inputs].</param>
    public Projection AddProjection(
        string name, int inputs, IReadOnlyList<(string Name, int Outputs)> parts, bool bias, bool transposed = false)
    {
        var outputs = parts.Sum(part => part.Outputs);
        var weight = Allocate($"{name}.weight", [outputs, inputs], WeightInit.Normal);
        var offsets = bias ? Allocate($"{name}.bias", [outputs], WeightInit.Zeros) : null;
        var start = 0;
        using var scope = NewDisposeScope();
        foreach (var (part, width) in parts)
        {
            var rows = weight.narrow(0, start, width);
            _published.Add(new NamedTensor($"{part}.weight", (transposed ? rows.t() : rows).DetachFromDisposeScope()));
            if (offsets is not null)
                _published.Add(new NamedTensor($"{part}.bias", offsets.narrow(0, start, width).DetachFromDisposeScope()));
            start += width;
        }
        var projection = new Projection(Kernels, weight, offsets, parts, transposed);
        _projections.Add(projection);
        return projection;
    }

    /// <summary>Checks that a folder holds these weights and no others, without reading them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="ignorable">Whether a tensor that this model has not may be there all the same; null allows none.</param>
    /// <exception cref="InvalidDataException">Tensors are missing, extra, of another shape or of a type that cannot be read; all are
    /// listed.</exception>
    public void Check(WeightFolder folder, Func<string, bool>? ignorable = null) =>
        folder.Check(_published.ToDictionary(weight => NameIn(folder, weight.Name), weight => weight.Tensor.shape),
            ignorable ?? (_ => false));

    /// <summary>Fills every weight from a folder, converting type and device.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="ignorable">Whether a tensor that this model has not may be there all the same; null allows none.</param>
    /// <exception cref="InvalidDataException">
    /// Tensors are missing, extra, of another shape or of a type that cannot be read (all are listed), or hold NaN or infinity.
    /// </exception>
    public void Load(WeightFolder folder, Func<string, bool>? ignorable = null)
    {
        Check(folder, ignorable);
        foreach (var (_, tensor) in _parameters) PackedWeight.Forget(tensor);
        var notFinite = new List<string>();
        foreach (var (name, weight) in _published)
        {
            folder.ReadInto(NameIn(folder, name), weight);
            if (!IsFinite(weight)) notFinite.Add(name);
        }
        if (notFinite.Count > 0)
            throw new InvalidDataException(
                $"{folder.Path}: NaN or infinity in {string.Join(", ", notFinite)}. The checkpoint is damaged, or was saved in float16 "
                    + "from values beyond its range.");
    }

    /// <summary>Fills every weight with fresh values, the same on every device.</summary>
    /// <param name="seed">Seed of the normal draws.</param>
    /// <param name="standardDeviation">Of <see cref="WeightInit.Normal"/> weights.</param>
    public void Initialise(ulong seed, double standardDeviation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed);
        foreach (var (weight, init) in _initial)
        {
            PackedWeight.Forget(weight);
            using var weightScope = NewDisposeScope();
            switch (init)
            {
                case WeightInit.Zeros: weight.zero_(); break;
                case WeightInit.Ones: weight.fill_(1); break;
                default: weight.copy_(randn(weight.shape, ScalarType.Float32, generator: generator).mul_(standardDeviation)); break;
            }
        }
    }

    /// <summary>New tensors, under published names, for the weights that carry an adapter, with it folded in.</summary>
    internal IEnumerable<NamedTensor> MergedWeights() =>
        from projection in _projections
        from merged in projection.MergedWeights()
        select projection.Transposed ? merged with { Tensor = merged.Tensor.t() } : merged;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var projection in _projections) projection.Dispose();
        foreach (var (_, tensor) in _published) tensor.Dispose();
        foreach (var (_, tensor) in _parameters) tensor.Dispose();
    }

    private string NameIn(WeightFolder folder, string name)
    {
        if (OptionalPrefix is null || folder.Contains(name) || !name.StartsWith(OptionalPrefix, StringComparison.Ordinal)) return name;
        return folder.Contains(name[OptionalPrefix.Length..]) ? name[OptionalPrefix.Length..] : name;
    }

    private Tensor Allocate(string name, long[] shape, WeightInit init)
    {
        var weight = empty(shape, Type, Device).DetachFromDisposeScope();
        _parameters.Add(new NamedTensor(name, weight));
        _initial.Add((weight, init));
        return weight;
    }

    /// <summary>One pass, no temporary: a sum is finite exactly when all its terms are (float32 sums of weights do not overflow).</summary>
    private static bool IsFinite(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return float.IsFinite(weight.sum(ScalarType.Float32).cpu().item<float>());
    }
}

/// <summary>A tensor under the name it has in files.</summary>
/// <param name="Name">The name.</param>
/// <param name="Tensor">The tensor.</param>
public readonly record struct NamedTensor(string Name, Tensor Tensor);

/// <summary>How a fresh weight is filled.</summary>
public enum WeightInit
{
    /// <summary>Normal, mean 0.</summary>
    Normal,

    /// <summary>Zeros: biases.</summary>
    Zeros,

    /// <summary>Ones: the gains of normalisation layers.</summary>
    Ones,
}
