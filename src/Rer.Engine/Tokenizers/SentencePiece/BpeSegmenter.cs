using Rer.Engine.Tokenizers.Subwords;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>SentencePiece's BPE: joins the neighbours whose joint piece has the highest score, the leftmost of equals first.</summary>
/// <remarks>
/// As bpe_model.cc of SentencePiece 0.1.97 does it. Unlike a list of merges, any two neighbours whose joint text is a piece may
/// be joined. An unused piece is joined like any other, and taken apart again at the end.
/// </remarks>
internal sealed class BpeSegmenter(PieceTable table) : IPieceSegmenter
{
    private readonly bool _mayCut = MarkedWords.MayCut(table.Normal.Select(piece => piece.Key));

    /// <inheritdoc/>
    public void Segment(string text, List<(int Start, int End, int Id)> output)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = _mayCut ? MarkedWords.End(text, start) : text.Length;
            var first = output.Count;
            SegmentWord(text[start..end], output);
            for (var i = first; i < output.Count; i++)
                output[i] = (output[i].Start + start, output[i].End + start, output[i].Id);
            start = end;
        }
    }

    private void SegmentWord(string text, List<(int Start, int End, int Id)> output)
    {
        var symbols = Characters(text);
        var splits = new Dictionary<(int Start, int End), int>();
        var queue = new PriorityQueue<(int Left, int Right, int Length), (float Score, int Left)>(Comparer<(float Score, int Left)>.Create(
            (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left)));
        for (var i = 1; i < symbols.Length; i++) Enqueue(i - 1, i);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref symbols[pair.Left];
            ref var right = ref symbols[pair.Right];
            // What was queued may have been joined otherwise since.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue;
            left.Length += right.Length;
            right.Length = 0;
            left.Next = right.Next;
            if (left.Next >= 0) symbols[left.Next].Previous = pair.Left;
            Enqueue(left.Previous, pair.Left);
            Enqueue(pair.Left, left.Next);
        }
        for (var i = symbols.Length == 0 ? -1 : 0; i >= 0; i = symbols[i].Next)
            Emit(text, symbols[i].Start, symbols[i].Start + symbols[i].Length, splits, output);

        void Enqueue(int left, int right)
        {
            if (left < 0 || right < 0 || symbols[left].Frozen || symbols[right].Frozen) return;
            var start = symbols[left].Start;
            var length = symbols[left].Length + symbols[right].Length;
            if (!table.TryGetNormal(text.AsSpan(start, length), out var id)) return;
            queue.Enqueue((left, right, length), (table.Pieces[id].Score, left));
            if (table.Pieces[id].Type == PieceType.Unused) splits[(start, start + length)] = symbols[right].Start;
        }
    }

    private Symbol[] Characters(string text)
    {
        var symbols = new List<Symbol>(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var length = table.UserDefined.Longest(text.AsSpan(at), out _);
            var frozen = length > 0;
            if (!frozen) CodePoint.At(text, at, out length);
            var (previous, next) = (symbols.Count - 1, symbols.Count + 1);
            symbols.Add(new Symbol { Start = at, Length = length, Previous = previous, Next = next, Frozen = frozen });
            at += length;
        }
        var array = symbols.ToArray();
        if (array.Length > 0) array[^1].Next = -1;
        return array;
    }

    private void Emit(
        string text, int start, int end, Dictionary<(int Start, int End), int> splits, List<(int Start, int End, int Id)> output)
    {
        // What is left of a piece that was taken apart waits on a stack: unused pieces can be made of one another a thousand times.
        var waiting = new Stack<(int Start, int End)>([(start, end)]);
        while (waiting.TryPop(out var part))
        {
            var id = table.IdOf(text[part.Start..part.End]) ?? table.UnknownId;
            if (table.Pieces[id].Type == PieceType.Unused && splits.TryGetValue(part, out var middle))
            {
                waiting.Push((middle, part.End));
                waiting.Push((part.Start, middle));
                continue;
            }
            output.Add((part.Start, part.End, id));
        }
    }

    private struct Symbol
    {
        public int Start;
        public int Length;
        public int Previous;
        public int Next;
        public bool Frozen;
    }
}
