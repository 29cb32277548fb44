using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// <see cref="DecodeAttention"/> with every shape fixed and the filled length itself a tensor, so that the device's work
/// can be recorded once and replayed at every step. Attends over all places, hiding those that are not filled.
/// </summary>
internal sealed class RecordableAttention : Attention
{
    private readonly KeyValueCache _cache;
    private readonly long _places;
    private readonly Tensor _filled;
    private readonly Tensor _index;
    private readonly Tensor _hidden;

    /// <param name="cache">Keys and values.</param>
    /// <param name="places">Places attended over; the first of the cache.</param>
    /// <param name="starts">[rows], int64: the first place of each row that is not padding.</param>
    /// <param name="filled">[1], int64: places filled; this token is written behind them.</param>
    /// <param name="maxPositions">The model's context. Rows no longer in use may count beyond it.</param>
    public RecordableAttention(KeyValueCache cache, long places, Tensor starts, Tensor filled, long maxPositions)
    {
        _cache = cache;
        _places = places;
        _filled = filled;
        Positions = (filled - starts).clamp(0, maxPositions - 1).unsqueeze(1);
        _index = arange(places, ScalarType.Int64, starts.device).unsqueeze(0);
        _hidden = ((_index < starts.unsqueeze(1)) | (_index > filled)).unsqueeze(1);
    }

    public override Tensor Positions { get; }

    public override long Length => _places;

    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, int? window)
    {
        var rows = key.shape[0];
        _cache.Keys(layer).narrow(0, 0, rows).index_copy_(2, _filled, key.transpose(1, 2));
        _cache.Values(layer).narrow(0, 0, rows).index_copy_(2, _filled, value.transpose(1, 2));
        var hidden = window is { } width ? _hidden | (_index <= _filled - width) : _hidden;
        return _cache.Attend(layer, query, 0, _places, hidden);
    }
}
