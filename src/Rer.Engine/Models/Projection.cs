using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// A linear layer as it is computed: the weights of one or several published layers that read the same input (q, k and v;
/// gate and up), stacked so that one matmul serves them all, and the adapters of those layers that carry one.
/// </summary>
public sealed class Projection : IDisposable
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly long[] _widths;
    private readonly List<(int Part, long Start, LoraAdapter Adapter)> _attached = [];
    private bool _ready;
    private Tensor? _merged;
    private AdapterWeights? _cast;

    internal Projection(Tensor weight, Tensor? bias, IReadOnlyList<(string Name, int Outputs)> parts, bool transposed)
    {
        Transposed = transposed;
        _weight = weight;
        _bias = bias;
        Modules = [.. parts.Select(part => part.Name)];
        _widths = [.. parts.Select(part => (long)part.Outputs)];
    }

    /// <summary>Published names of the layers served, in order.</summary>
    public IReadOnlyList<string> Modules { get; }

    /// <summary>Width of each layer's output.</summary>
    public IReadOnlyList<long> Widths => _widths;

    /// <summary>Width of the input.</summary>
    public long Inputs => _weight.shape[1];

    /// <summary>Published as [inputs, outputs] (GPT-2's Conv1D).</summary>
    internal bool Transposed { get; }

    /// <summary>Whether adapters act. With them off the layer is the frozen model's.</summary>
    internal bool AdaptersOn { get; set; } = true;

    /// <summary>[sum of the widths], or null.</summary>
    internal Tensor? Bias => _bias;

    /// <summary><see cref="Alone"/> where it takes no gradient.</summary>
    internal Tensor? Frozen => _weight.requires_grad ? null : Alone;

    /// <summary>The one weight that a product is taken with; null where adapters act apart from it.</summary>
    internal Tensor? Alone => _ready && _merged is not null ? _merged : AdaptersOn && _attached.Count > 0 ? null : _weight;

    /// <summary>The outputs of all layers served, side by side.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <returns>[.., sum of the widths].</returns>
    public Tensor Forward(Tensor x)
    {
        if (Alone is { } weight) return Linear.Forward(x, weight, _bias);
        if (TorchCapabilities.Fused is not { } fused) return ForwardAdapted(x);
        var (a, b) = Adapters(x.dtype);
        long[] starts = [.. _attached.Select(item => item.Start)];
        return fused.LoraLinear(x, _weight, _bias, a, b, starts, [.. _attached.Select(item => item.Adapter.Scale)]);
    }

    /// <summary>The plain path of <see cref="Forward"/> where adapters act.</summary>
    internal Tensor ForwardAdapted(Tensor x)
    {
        var (a, b) = Adapters(x.dtype);
        var flat = x.reshape(-1, x.shape[^1]);
        var y = nn.functional.linear(flat, _weight, _bias).split(_widths, -1);
        for (var i = 0; i < _attached.Count; i++)
        {
            var (part, _, adapter) = _attached[i];
            y[part] = addmm(y[part], matmul(flat, a[i].t()), b[i].t(), 1f, (float)adapter.Scale);
        }
        return cat(y, -1).view([.. x.shape[..^1], _widths.Sum()]);
    }

    /// <summary>Puts an adapter on one of the layers.</summary>
    internal void Attach(int part, LoraAdapter adapter) => _attached.Add((part, _widths.Take(part).Sum(), adapter));

    /// <summary>Published names and, as new tensors [width, inputs], weights of the layers that carry an adapter, with it folded in.</summary>
    internal IEnumerable<NamedTensor> MergedWeights()
    {
        foreach (var (part, start, adapter) in _attached)
            yield return new NamedTensor($"{Modules[part]}.weight", _weight.narrow(0, start, _widths[part]) + Change(adapter));
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
        if (_weight.dtype is ScalarType.BFloat16 or ScalarType.Float16) Cast();
        else Fold();
        _ready = true;
    }

    /// <summary>Computes with the weights and adapters again. Copies are kept for the next merge: recorded steps read them where they lie.</summary>
    internal void Unmerge() => _ready = false;

    /// <inheritdoc/>
    public void Dispose()
    {
        _merged?.Dispose();
        foreach (var copy in (IEnumerable<Tensor>)[.. _cast?.A ?? [], .. _cast?.B ?? []]) copy.Dispose();
    }

    private void Fold()
    {
        _merged ??= empty_like(_weight).DetachFromDisposeScope();
        _merged.copy_(_weight);
        foreach (var (part, start, adapter) in _attached) _merged.narrow(0, start, _widths[part]).add_(Change(adapter));
    }

    private void Cast()
    {
        Tensor Copy(Tensor trained) => empty(trained.shape, _weight.dtype, _weight.device).DetachFromDisposeScope();
        _cast ??= new AdapterWeights([.. _attached.Select(item => Copy(item.Adapter.A))], [.. _attached.Select(item => Copy(item.Adapter.B))]);
        for (var i = 0; i < _attached.Count; i++)
        {
            _cast.A[i].copy_(_attached[i].Adapter.A);
            _cast.B[i].copy_(_attached[i].Adapter.B);
        }
    }

    /// <summary>What an adapter adds to its layer's weights: [width, inputs].</summary>
    private Tensor Change(LoraAdapter adapter) => matmul(adapter.B, adapter.A).mul_(adapter.Scale).to(_weight.dtype);

    // Adapters are float32 whatever the backbone is; casting their small matrices is cheaper than casting the activations.
    private AdapterWeights Adapters(ScalarType type) =>
        _ready && _cast is { } cast
            ? cast
            : new([.. _attached.Select(item => item.Adapter.A.to(type))], [.. _attached.Select(item => item.Adapter.B.to(type))]);

    /// <param name="A">[rank, inputs] each.</param>
    /// <param name="B">[width, rank] each.</param>
    private sealed record AdapterWeights(Tensor[] A, Tensor[] B);
}
