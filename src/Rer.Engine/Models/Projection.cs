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
    private readonly LoraAdapter?[] _adapters;
    private Tensor? _merged;
    private bool _useMerged;

    internal Projection(Tensor weight, Tensor? bias, IReadOnlyList<(string Name, int Outputs)> parts, bool transposed)
    {
        Transposed = transposed;
        _weight = weight;
        _bias = bias;
        Modules = [.. parts.Select(part => part.Name)];
        _widths = [.. parts.Select(part => (long)part.Outputs)];
        _adapters = new LoraAdapter?[parts.Count];
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

    /// <summary>The output of the one layer served.</summary>
    /// <param name="x">[.., inputs].</param>
    public Tensor Forward(Tensor x) => _widths.Length == 1
        ? ForwardStacked(x)
        : throw new InvalidOperationException($"This projection serves {_widths.Length} layers: {string.Join(", ", Modules)}.");

    /// <summary>The outputs of all layers served, side by side: [.., sum of widths].</summary>
    /// <param name="x">[.., inputs].</param>
    public Tensor ForwardStacked(Tensor x)
    {
        if (_useMerged) return nn.functional.linear(x, _merged!, _bias);
        var acting = AdaptersOn ? Enumerable.Range(0, _adapters.Length).Where(HasAdapter).ToArray() : [];
        if (acting.Length == 0) return nn.functional.linear(x, _weight, _bias);
        // The adapter is float32 whatever the backbone is; casting its small matrices is cheaper than casting the activations.
        var a = Array.ConvertAll(acting, i => _adapters[i]!.A.to(x.dtype));
        var b = Array.ConvertAll(acting, i => _adapters[i]!.B.to(x.dtype));
        if (TorchCapabilities.Fused is { } fused)
            return fused.LoraLinear(x, _weight, _bias, a, b, Array.ConvertAll(acting, StartOf), Array.ConvertAll(acting, i => _adapters[i]!.Scale));

        var parts = Split(nn.functional.linear(x, _weight, _bias));
        for (var i = 0; i < acting.Length; i++)
            parts[acting[i]] = Adapt(parts[acting[i]], x, a[i], b[i], _adapters[acting[i]]!.Scale);
        return parts.Length == 1 ? parts[0] : cat(parts, -1);
    }

    /// <summary>Takes <see cref="ForwardStacked"/> apart: the output of each layer served, [.., width] each.</summary>
    public Tensor[] Split(Tensor stacked) => _widths.Length == 1 ? [stacked] : stacked.split(_widths, -1);

    internal bool HasAdapter(int part) => _adapters[part] is not null;

    /// <summary>Puts an adapter on one of the layers, in place of any it has.</summary>
    internal void Attach(int part, LoraAdapter adapter) => _adapters[part] = adapter;

    /// <summary>
    /// Folds the adapters into a copy of the weights and computes with that until <see cref="Unmerge"/>. The weights
    /// themselves are never touched, so nothing drifts however often this is done.
    /// </summary>
    internal void Merge()
    {
        if (_adapters.All(adapter => adapter is null) || !AdaptersOn) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _merged ??= empty_like(_weight).DetachFromDisposeScope();
        _merged.copy_(_weight);
        var start = 0L;
        for (var i = 0; i < _widths.Length; i++)
        {
            if (_adapters[i] is { } adapter)
                _merged.narrow(0, start, _widths[i]).add_(matmul(adapter.B, adapter.A).mul_(adapter.Scale).to(_merged.dtype));
            start += _widths[i];
        }
        _useMerged = true;
    }

    /// <summary>Computes with the weights and adapters again. The copy is kept for the next merge.</summary>
    internal void Unmerge() => _useMerged = false;

    /// <summary>The weights of one layer with its adapter folded in, as a new tensor: [width, inputs].</summary>
    internal Tensor MergedWeight(int part)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var own = _weight.narrow(0, StartOf(part), _widths[part]);
        var merged = _adapters[part] is { } adapter ? own + matmul(adapter.B, adapter.A).mul_(adapter.Scale).to(own.dtype) : own.clone();
        return merged.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _merged?.Dispose();

    private static Tensor Adapt(Tensor y, Tensor x, Tensor a, Tensor b, double scale)
    {
        var low = matmul(x.reshape(-1, x.shape[^1]), a.t());
        return addmm(y.reshape(-1, y.shape[^1]), low, b.t(), 1f, (float)scale).view(y.shape);
    }

    private long StartOf(int part) => _widths.Take(part).Sum();
}
