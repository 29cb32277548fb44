namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>The symbols of one word while its merges are applied: a linked list in arrays.</summary>
internal struct BpeWord(int capacity)
{
    private const int Removed = -1;
    private const int None = -1;

    private int[] _ids = new int[capacity];
    private int[] _next = [];
    private int[] _previous = [];
    private int _count;

    /// <summary>Appends a symbol.</summary>
    public void Add(int id)
    {
        if (_count == _ids.Length) Array.Resize(ref _ids, 2 * _count + 4);
        _ids[_count++] = id;
    }

    /// <summary>Joins neighbours, the merge of lowest rank first and of equals the leftmost, until no merge applies.</summary>
    /// <param name="merges">Rank and resulting id by <see cref="BpeMerges.Pair"/>.</param>
    public void Merge(Dictionary<long, (int Rank, int Id)> merges)
    {
        if (_count < 2) return;
        _next = new int[_count];
        _previous = new int[_count];
        // Rank above position in one number orders the queue as the merges are to be applied.
        var queue = new PriorityQueue<(int At, int Id), long>(_count);
        for (var i = 0; i < _count; i++)
        {
            _next[i] = i + 1 < _count ? i + 1 : None;
            _previous[i] = i - 1;
            if (i + 1 < _count) Enqueue(queue, merges, i, i + 1);
        }
        while (queue.TryDequeue(out var merge, out _))
        {
            var (at, id) = merge;
            var right = _next[at];
            if (_ids[at] == Removed || right == None) continue;
            // What stood here when the merge was queued may have been merged otherwise since.
            if (!merges.TryGetValue(BpeMerges.Pair(_ids[at], _ids[right]), out var current) || current.Id != id) continue;
            _ids[at] = id;
            _ids[right] = Removed;
            _next[at] = _next[right];
            if (_next[at] != None)
            {
                _previous[_next[at]] = at;
                Enqueue(queue, merges, at, _next[at]);
            }
            if (_previous[at] != None) Enqueue(queue, merges, _previous[at], at);
        }
    }

    /// <summary>Adds the symbols that are left to <paramref name="output"/>.</summary>
    public readonly void CopyTo(TokenList output)
    {
        foreach (var id in _ids.AsSpan(0, _count))
            if (id != Removed) output.Add(id);
    }

    private readonly void Enqueue(
        PriorityQueue<(int At, int Id), long> queue, Dictionary<long, (int Rank, int Id)> merges, int left, int right)
    {
        if (merges.TryGetValue(BpeMerges.Pair(_ids[left], _ids[right]), out var merge))
            queue.Enqueue((left, merge.Id), (long)merge.Rank << 32 | (uint)left);
    }
}
