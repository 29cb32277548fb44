using Rer.Engine.Kernels;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// A linear layer as it is computed: the weights of one or several published layers that read the same input (q, k and v;
/// gate and up), stacked so that one matmul serves them all, and the adapters of those layers that carry one.
/// </summary>
public sealed class Projection : IDisposable
{
    private readonly IKernels _kernels;
    private readonly Tensor _published;
    private readonly long[] _widths;
    private readonly List<(int Part, LoraAdapter Adapter)> _attached = [];
    private IReadOnlyList<LowRank> _trained = [];
    private IReadOnlyList<LowRank> _cast = [];
    private Tensor? _folded;
    private bool _merged;

    internal Projection(IKernels kernels, Tensor weight, Tensor? bias, IReadOnlyList<(string Name, int Outputs)> parts, bool transposed)
    {
        _kernels = kernels;
        _published = weight;
        Bias = bias;
        Transposed = transposed;
        Modules = [.. parts.Select(part => part.Name)];
        _widths = [.. parts.Select(part => (long)part.Outputs)];
        Inputs = weight.shape[1];
    }

    /// <summary>Published names of the layers served, in order.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Width of each layer's output.</summary>
    public IReadOnlyList<long> Widths => _widths;

    /// <summary>Width of the input.</summary>
    public long Inputs { get; }

    /// <summary>Published as [inputs, outputs] (GPT-2's Conv1D).</summary>
    internal bool Transposed { get; }

    /// <summary>Whether adapters act. With them off the layer is the frozen model's.</summary>
    internal bool AdaptersOn { get; set; } = true;

    /// <summary>[sum of the widths], or null.</summary>
    internal Tensor? Bias { get; }

    /// <summary>The weight to multiply by, [sum of the widths, inputs]: as published, or with the adapters folded in.</summary>
    internal Tensor Weight => _merged && _folded is not null ? _folded : _published;

    /// <summary>The adapters that act beside <see cref="Weight"/>, in its type; their parts are in ascending order.</summary>
    internal IReadOnlyList<LowRank> Adapters
    {
        get
        {
            if (!AdaptersOn || _attached.Count == 0 || (_merged && _folded is not null)) return [];
            if (_merged && _cast.Count > 0) return _cast;
            // Adapters are float32 whatever the backbone is; casting their small matrices is cheaper than casting the activations.
            return _published.dtype == ScalarType.Float32 ? _trained
                : [.. _trained.Select(one => one with { A = one.A.to(_published.dtype), B = one.B.to(_published.dtype) })];
        }
    }

    /// <summary>The published weight packed for products; null where it is large or trained, or adapters are folded in.</summary>
    internal PackedWeight? Packed => _merged && _folded is not null ? null : PackedWeight.Of(_published);

    /// <summary>The outputs of all layers served, side by side.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <returns>[.., sum of the widths].</returns>
    public Tensor Forward(Tensor x) =>
        Adapters is { Count: > 0 } adapters ? _kernels.Linear(x, Weight, Bias, adapters) : _kernels.Linear(x, Weight, Bias);

    /// <summary>Puts an adapter on one of the layers.</summary>
    internal void Attach(int part, LoraAdapter adapter)
    {
        _attached.Add((part, adapter));
        _trained = [.. _attached.OrderBy(item => item.Part)
            .Select(item => new LowRank(item.Adapter.A, item.Adapter.B, Start(item.Part), item.Adapter.Scale))];
    }

    /// <summary>
    /// Published names and, as new tensors [width, inputs], weights of the layers that carry an adapter, with it folded in.
    /// </summary>
    internal IEnumerable<NamedTensor> MergedWeights()
    {
        foreach (var (part, adapter) in _attached)
            yield return new NamedTensor($"{Modules[part]}.weight", _published.narrow(0, Start(part), _widths[part]) + Change(adapter));
    }

    /// <summary>
    /// Folds the adapters into a copy of the weights and computes with that until <see cref="Unmerge"/>; where the weights' type would
    /// round them away, computes with adapters cast to it. The weights themselves are never touched, so nothing drifts however often
    /// this is done.
    /// </summary>
    internal void Merge()
    {
        if (_attached.Count == 0 || !AdaptersOn) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_published.dtype is ScalarType.BFloat16 or ScalarType.Float16) Cast();
        else Fold();
        _merged = true;
    }

    /// <summary>Computes with the weights and adapters again. The folded copy's memory is kept for the next merge.</summary>
    internal void Unmerge()
    {
        _merged = false;
        foreach (var (a, b, _, _) in _cast)
        {
            a.Dispose();
            b.Dispose();
        }
        _cast = [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unmerge();
        _folded?.Dispose();
    }

    private void Fold()
    {
        _folded ??= empty_like(_published).DetachFromDisposeScope();
        _folded.copy_(_published);
        foreach (var (part, adapter) in _attached) _folded.narrow(0, Start(part), _widths[part]).add_(Change(adapter));
    }

    private void Cast()
    {
        Tensor Copy(Tensor trained) => trained.to(_published.dtype).DetachFromDisposeScope();
        if (_cast.Count == 0) _cast = [.. _trained.Select(one => one with { A = Copy(one.A), B = Copy(one.B) })];
    }

    /// <summary>What an adapter adds to its layer's weights: [width, inputs].</summary>
    private Tensor Change(LoraAdapter adapter) => matmul(adapter.B, adapter.A).mul_(adapter.Scale).to(_published.dtype);

    private long Start(int part) => _widths.Take(part).Sum();
}
