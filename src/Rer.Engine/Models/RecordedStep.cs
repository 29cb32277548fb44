using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// A decoding step of fixed shape, recorded the first time it runs and replayed from then on: on a GPU the launches of a
/// small model's many operators cost more than their work.
/// </summary>
internal sealed class RecordedStep : IDisposable
{
    private readonly ICausalBackbone _backbone;
    private readonly KeyValueCache _cache;
    private readonly ICudaGraphs _graphs;
    private readonly int _rows;
    private readonly long _places;
    private readonly Tensor _ids;
    private readonly Tensor _starts;
    private readonly Tensor _filled;
    private readonly Tensor _hidden;
    private ICudaGraph? _graph;

    /// <param name="backbone">The model.</param>
    /// <param name="cache">Of at least these rows and places.</param>
    /// <param name="graphs">Records device work.</param>
    /// <param name="rows">Rows computed, whether in use or not.</param>
    /// <param name="places">Places of the cache attended over.</param>
    public RecordedStep(ICausalBackbone backbone, KeyValueCache cache, ICudaGraphs graphs, int rows, long places)
    {
        (_backbone, _cache, _graphs, _rows, _places) = (backbone, cache, graphs, rows, places);
        var weights = backbone.Weights;
        Tensor Buffer(params long[] shape) => zeros(shape, ScalarType.Int64, weights.Device).DetachFromDisposeScope();
        (_ids, _starts, _filled) = (Buffer(rows, 1), Buffer(rows), Buffer(1));
        _hidden = zeros([rows, backbone.Config.HiddenSize], weights.Type, weights.Device).DetachFromDisposeScope();
    }

    /// <summary>Reads one token a row.</summary>
    /// <param name="ids">No more than the rows of the step.</param>
    /// <param name="starts">Of each row in use: the first place that is not padding.</param>
    /// <param name="filled">Places filled.</param>
    /// <returns>Hidden states of the rows in use, [rows, hidden]; overwritten by the next step.</returns>
    public Tensor Run(IReadOnlyList<long> ids, IReadOnlyList<long> starts, long filled)
    {
        using var scope = NewDisposeScope();
        _ids.copy_(tensor(Padded(ids), [_rows, 1]));
        _starts.copy_(tensor(Padded(starts)));
        _filled.fill_(filled);
        if (_graph is not null)
        {
            _graph.Replay();
        }
        else
        {
            // The first step runs as it is, which also sets up whatever libtorch sets up on first use; recording does not run.
            Compute();
            _graph = _graphs.Record(Compute);
        }
        return _hidden.narrow(0, 0, ids.Count).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _graph?.Dispose();
        foreach (var buffer in (Tensor[])[_ids, _starts, _filled, _hidden]) buffer.Dispose();
    }

    private void Compute()
    {
        using var scope = NewDisposeScope();
        var attention = new RecordableAttention(_cache, _places, _starts, _filled, _backbone.Config.MaxPositions);
        _hidden.copy_(_backbone.Forward(_ids, attention).squeeze(1));
    }

    private long[] Padded(IReadOnlyList<long> values) => [.. values, .. Enumerable.Repeat(0L, _rows - values.Count)];
}
