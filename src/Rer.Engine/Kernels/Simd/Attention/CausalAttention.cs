using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Rer.Engine.Kernels.Simd.Products;
using static Rer.Engine.Kernels.Simd.VectorMath;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels.Simd.Attention;

/// <summary>
/// Causal attention over whole sequences in memory, forward and backward. Queries are taken some at a time, so that their scores stay in
/// the cache; a sequence's key head, with the query heads that share it, is one piece of work.
/// </summary>
internal sealed unsafe partial class CausalAttention
{
    /// <summary>Queries at a time.</summary>
    private const int Queries = 24;

    private readonly HeadShape _heads;
    private readonly Angles _angles;
    private readonly long _tokens;
    private readonly long _width;
    private readonly long _window;
    private readonly long _longest;
    private readonly Sequence[] _sequences;
    private readonly float[]? _hidden;

    /// <param name="batch">Rows of the batch.</param>
    /// <param name="tokens">Tokens of a row.</param>
    /// <param name="heads">How a token's heads divide.</param>
    /// <param name="angles">Of the batch's tokens.</param>
    /// <param name="layout">Where the sequences lie.</param>
    public CausalAttention(long batch, long tokens, HeadShape heads, Angles angles, SequenceLayout layout)
    {
        (_heads, _angles, _tokens) = (heads, angles, tokens);
        _width = Padded(heads.Size);
        _window = heads.Window ?? tokens;
        if (layout.Lengths is { } lengths)
        {
            if (lengths.Sum(length => (long)length) != tokens || batch != 1)
                throw new ArgumentException(
                    $"The sequences' lengths add up to {lengths.Sum(length => (long)length)}; the row has {tokens} tokens.");
            var begin = 0L;
            _sequences = [.. lengths.Select(length => new Sequence(0, (begin += length) - length, length))];
            _longest = lengths.Max();
            return;
        }
        _sequences = [.. Enumerable.Range(0, (int)batch).Select(row => new Sequence(row, 0, tokens))];
        _longest = tokens;
        if (layout.Mask is { } mask) _hidden = Hidden(mask, batch, tokens);
    }

    private long Pieces => _sequences.LongLength * _heads.KeyValueHeads;

    private long Work => _longest * _longest * _heads.Size * _heads.Group / 16;

    /// <summary>Attends.</summary>
    /// <param name="query">Queries, not yet rotated.</param>
    /// <param name="key">Keys, not yet rotated.</param>
    /// <param name="value">Values.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="logTotals">[batch, tokens, heads]: takes the logarithms of the softmax's sums; null where no gradient will ask for
    /// them.</param>
    /// <param name="kept">Takes rotated keys, and values, besides.</param>
    public void Forward(
        HeadsInMemory query, HeadsInMemory key, HeadsInMemory value, HeadsInMemory output, float* logTotals, KeptKeys kept) =>
        ThreadTeam.For(Pieces, Work, (begin, end) =>
        {
            for (var piece = begin; piece < end; piece++)
            {
                var (sequence, head) = (_sequences[piece / _heads.KeyValueHeads], piece % _heads.KeyValueHeads);
                if (!kept.IsEmpty) Keep(sequence, head, key, value, kept);
                Forward(sequence, head, query, key, value, output, logTotals);
            }
        });

    private void Forward(
        Sequence sequence, long keyHead, HeadsInMemory query, HeadsInMemory key, HeadsInMemory value, HeadsInMemory output,
        float* logTotals)
    {
        var room = Workspace.Own;
        var (tokens, along) = (sequence.Tokens, Padded(sequence.Tokens));
        float* queries = room.Take(Workspace.Purpose.Queries, tokens * _width),
            keyRows = room.Take(Workspace.Purpose.KeyRows, tokens * _width);
        float* keys = room.Take(Workspace.Purpose.KeyColumns, _heads.Size * along),
            scores = room.Take(Workspace.Purpose.Scores, Queries * along);
        var mixed = room.Take(Workspace.Purpose.Mixed, Queries * _width);
        TurnInto(key, keyHead, sequence, 1, keyRows);
        Transpose(keyRows, _width, tokens, _heads.Size, keys, along);
        var values = Rows(value, keyHead, sequence, Workspace.Purpose.ValueRows, out var valueStride);
        for (var head = keyHead * _heads.Group; head < (keyHead + 1) * _heads.Group; head++)
        {
            TurnInto(query, head, sequence, (float)_heads.Scale, queries);
            for (long start = 0; start < tokens; start += Queries)
            {
                long count = Math.Min(Queries, tokens - start), reach = Padded(start + count), lowest = Lowest(sequence, start);
                SmallProduct.Multiply(queries + (start * _width), _width, 1, keys + lowest, along, scores + lowest, along, count,
                    reach - lowest, _heads.Size, add: false);
                for (var t = start; t < start + count; t++)
                {
                    var logTotal =
                        Softmax(scores + ((t - start) * along), HiddenFrom(sequence, t), lowest, First(sequence, t), t + 1, reach);
                    if (logTotals != null) logTotals[(Place(sequence, t) * _heads.Heads) + head] = logTotal;
                }
                SmallProduct.Multiply(
                    scores + lowest, along, 1, values + (lowest * valueStride), valueStride, mixed, _width, count, _width,
                    Math.Min(tokens, reach) - lowest, add: false);
                for (long t = 0; t < count; t++)
                    VectorMath.Copy(mixed + (t * _width), output.At(sequence.Row, sequence.Begin + start + t, head), _heads.Size);
            }
        }
    }

    private void Keep(Sequence sequence, long head, HeadsInMemory key, HeadsInMemory value, KeptKeys kept)
    {
        float* keys = kept.KeysOf(sequence.Row), values = kept.ValuesOf(sequence.Row);
        for (long t = 0; t < sequence.Tokens; t++)
        {
            var at = ((head * kept.Capacity) + t) * _heads.Size;
            _angles.Turn(key.At(sequence.Row, sequence.Begin + t, head), keys + at, _heads.Size, sequence.Row, sequence.Begin + t);
            VectorMath.Copy(value.At(sequence.Row, sequence.Begin + t, head), values + at, _heads.Size);
        }
    }

    /// <summary>A head's rows, rotated and scaled, padded with zeros to whole vectors.</summary>
    private void TurnInto(HeadsInMemory source, long head, Sequence sequence, float factor, float* rows)
    {
        for (long t = 0; t < sequence.Tokens; t++, rows += _width)
        {
            _angles.Turn(source.At(sequence.Row, sequence.Begin + t, head), rows, _heads.Size, sequence.Row, sequence.Begin + t, factor);
            VectorMath.Clear(rows + _heads.Size, _width - _heads.Size);
        }
    }

    /// <summary>A head's rows as whole vectors: where they lie if their width is one already, else a padded copy.</summary>
    private float* Rows(HeadsInMemory source, long head, Sequence sequence, Workspace.Purpose purpose, out long stride)
    {
        stride = source.TokenStride;
        if (_heads.Size == _width) return source.At(sequence.Row, sequence.Begin, head);
        stride = _width;
        var rows = Workspace.Own.Take(purpose, sequence.Tokens * _width);
        for (long t = 0; t < sequence.Tokens; t++)
        {
            VectorMath.Copy(source.At(sequence.Row, sequence.Begin + t, head), rows + (t * _width), _heads.Size);
            VectorMath.Clear(rows + (t * _width) + _heads.Size, _width - _heads.Size);
        }
        return rows;
    }

    /// <summary>[count, size] of rows becomes [size, along] of columns, zero beyond the count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(float* rows, long stride, long count, long size, float* columns, long along)
    {
        long t = 0;
        for (; t + 4 <= count; t += 4)
        {
            var from = rows + (t * stride);
            long i = 0;
            for (; i + 4 <= size; i += 4)
            {
                Vector128<float> r0 = Vector128.Load(from + i), r1 = Vector128.Load(from + stride + i);
                Vector128<float> r2 = Vector128.Load(from + (2 * stride) + i), r3 = Vector128.Load(from + (3 * stride) + i);
                Vector128<float> low = InterleaveLow(r0, r2), lowOther = InterleaveLow(r1, r3), high = InterleaveHigh(r0, r2),
                    highOther = InterleaveHigh(r1, r3);
                InterleaveLow(low, lowOther).Store(columns + (i * along) + t);
                InterleaveHigh(low, lowOther).Store(columns + ((i + 1) * along) + t);
                InterleaveLow(high, highOther).Store(columns + ((i + 2) * along) + t);
                InterleaveHigh(high, highOther).Store(columns + ((i + 3) * along) + t);
            }
            for (; i < size; i++)
                for (var k = 0; k < 4; k++) columns[(i * along) + t + k] = from[(k * stride) + i];
        }
        for (long i = 0; i < size; i++)
        {
            for (var r = t; r < count; r++) columns[(i * along) + r] = rows[(r * stride) + i];
            for (var r = count; r < along; r++) columns[(i * along) + r] = 0;
        }
    }

    /// <summary>Scores become weights over what a token sees, and zero elsewhere between the lowest place and the reach.</summary>
    /// <returns>The logarithm of the sum of their exponentials.</returns>
    private static float Softmax(float* scores, float* hidden, long lowest, long from, long to, long reach)
    {
        HideBeyond(scores, hidden, lowest, from, to, reach);
        var all = scores + lowest;
        var length = reach - lowest;
        var largest = Largest(all, length);
        var total = Exponentials(all, all, length, largest, 1);
        VectorMath.Scale(all, 1 / total, all, length);
        return largest + MathF.Log(total);
    }

    /// <summary>Minus infinity where a token does not see, so that whole vectors may be taken: their exponentials are zero.</summary>
    private static void HideBeyond(float* scores, float* hidden, long lowest, long from, long to, long reach)
    {
        if (hidden != null) VectorMath.Add(hidden + from, 1, scores + from, to - from);
        for (var i = lowest; i < from; i++) scores[i] = float.NegativeInfinity;
        for (var i = to; i < reach; i++) scores[i] = float.NegativeInfinity;
    }

    /// <summary>Minus infinity on padding; null where there is none.</summary>
    private float[]? Hidden(Tensor mask, long batch, long tokens)
    {
        using var seen = mask.to_type(ScalarType.Bool).contiguous();
        var flags = seen.bytes;
        if (flags.IndexOf((byte)0) < 0) return null;
        var hidden = GC.AllocateArray<float>(checked((int)(batch * tokens)), pinned: true);
        for (var row = 0; row < batch; row++)
        {
            var first = tokens;
            for (var t = tokens - 1; t >= 0; t--)
            {
                var at = (int)((row * tokens) + t);
                if (flags[at] == 0) hidden[at] = float.NegativeInfinity;
                else first = t;
            }
            _sequences[row] = _sequences[row] with { First = first == tokens ? 0 : first };
        }
        return hidden;
    }

    private bool IsHidden(Sequence sequence, long t) => _hidden is not null && _hidden[(sequence.Row * _tokens) + t] != 0;

    /// <summary>Where a row's hidden tokens are told; null for a token that is padding itself, which sees itself alone.</summary>
    private float* HiddenFrom(Sequence sequence, long t) =>
        _hidden is null || IsHidden(sequence, t) ? null : (float*)Unsafe.AsPointer(ref _hidden[sequence.Row * _tokens]);

    /// <summary>The first token that one sees. Padding sees itself, so that it sees something: a softmax over nothing is NaN.</summary>
    private long First(Sequence sequence, long t) => IsHidden(sequence, t) ? t : Math.Min(t, Math.Max(sequence.First, t - _window + 1));

    /// <summary>A whole number of vectors at or before all that a token and those behind it see.</summary>
    private long Lowest(Sequence sequence, long t) => Math.Min(t, Math.Max(sequence.First, t - _window + 1)) / Lanes * Lanes;

    private long Place(Sequence sequence, long t) => (sequence.Row * _tokens) + sequence.Begin + t;

    /// <param name="Row">Row of the batch.</param>
    /// <param name="Begin">First token in the row.</param>
    /// <param name="Tokens">How many there are, padding included.</param>
    /// <param name="First">The first of them that is not padding.</param>
    private readonly record struct Sequence(long Row, long Begin, long Tokens, long First = 0);
}
