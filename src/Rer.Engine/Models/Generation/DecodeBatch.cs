using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Generation;

/// <summary>
/// Sequences that are decoded together. Rows that are done leave at once: the last row takes their place in the cache,
/// so that every step computes live rows alone.
/// </summary>
internal sealed class DecodeBatch
{
    /// <summary>Tokens of prompt read in one pass, so that a large batch of long prompts needs little memory.</summary>
    private const int MaxPromptTokens = 16_384;

    private readonly ICausalBackbone _backbone;
    private readonly KeyValueCache _cache;
    private readonly List<ResponseWriter> _rows;
    private readonly List<long> _starts;
    private Tensor? _startsOnDevice;
    private long _filled;

    /// <param name="backbone">The model.</param>
    /// <param name="cache">With room for every row's prompt and response; what it holds is lost.</param>
    /// <param name="rows">The sequences.</param>
    public DecodeBatch(ICausalBackbone backbone, KeyValueCache cache, IEnumerable<ResponseWriter> rows)
    {
        _backbone = backbone;
        _cache = cache;
        _rows = [.. rows];
        _filled = _rows.Max(row => row.Prompt.Length);
        _starts = [.. _rows.Select(row => _filled - row.Prompt.Length)];
    }

    /// <summary>Sequences not yet done, in the order of the cache.</summary>
    public IReadOnlyList<ResponseWriter> Rows => _rows;

    /// <summary>Reads the prompts into the cache.</summary>
    /// <returns>Hidden state of each prompt's last token, [rows, hidden].</returns>
    public Tensor ReadPrompts()
    {
        using var scope = NewDisposeScope();
        var states = new List<Tensor>();
        var atOnce = (int)Math.Max(1, MaxPromptTokens / _filled);
        for (var first = 0; first < _rows.Count; first += atOnce)
            states.Add(ReadPrompts(first, Math.Min(atOnce, _rows.Count - first)));
        return cat(states, 0).MoveToOuterDisposeScope();
    }

    /// <summary>Reads each row's newest token.</summary>
    /// <returns>Its hidden state, [rows, hidden].</returns>
    public Tensor Step()
    {
        using var scope = NewDisposeScope();
        var newest = _rows.Select(row => (long)row.Tokens[^1]).ToArray();
        var device = _backbone.Weights.Device;
        var ids = tensor(newest, [_rows.Count, 1]).to(device);
        _startsOnDevice ??= tensor(_starts.ToArray()).to(device).MoveToOuterDisposeScope();
        var attention = new DecodeAttention(_cache, _filled, _startsOnDevice);
        _filled++;
        return _backbone.Forward(ids, attention).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>Lets go of rows that are done.</summary>
    public void DropFinished()
    {
        for (var row = _rows.Count - 1; row >= 0; row--)
        {
            if (!_rows[row].Finished) continue;
            var last = _rows.Count - 1;
            if (row != last)
            {
                _cache.MoveRow(last, row, _filled);
                (_rows[row], _starts[row]) = (_rows[last], _starts[last]);
            }
            _rows.RemoveAt(last);
            _starts.RemoveAt(last);
            _startsOnDevice?.Dispose();
            _startsOnDevice = null;
        }
    }

    private Tensor ReadPrompts(int first, int count)
    {
        using var scope = NewDisposeScope();
        var length = (int)_filled;
        var ids = new long[count * length];
        var mask = new long[count * length];
        for (var row = 0; row < count; row++)
        {
            var prompt = _rows[first + row].Prompt;
            var start = row * length + (int)_starts[first + row];
            for (var i = 0; i < prompt.Length; i++)
            {
                ids[start + i] = prompt[i];
                mask[start + i] = 1;
            }
        }
        var device = _backbone.Weights.Device;
        var attention = new PromptAttention(_cache, first, tensor(mask, [count, length]).to(device));
        var last = tensor([length - 1L], [1]).to(device);
        return _backbone.Forward(tensor(ids, [count, length]).to(device), attention, last).squeeze(1).MoveToOuterDisposeScope();
    }
}
