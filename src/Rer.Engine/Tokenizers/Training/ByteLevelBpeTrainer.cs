using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.Training;

/// <summary>Trains a byte-level BPE: again and again joins the pair of neighbours that is most frequent in a corpus's words.</summary>
/// <remarks>
/// Sennrich et al. 2016, arXiv 1508.07909, over bytes as in Radford et al. 2019, with GPT-2's division into words. Of pairs equally
/// frequent the one with the lower ids comes first, so that the result depends on the texts alone, not on their order.
/// </remarks>
public sealed class ByteLevelBpeTrainer
{
    private const int LeastFrequency = 2;

    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly List<(int[] Symbols, long Count)> _words = [];
    private readonly Dictionary<long, long> _counts = [];
    private readonly Dictionary<long, HashSet<int>> _places = [];
    private readonly PriorityQueue<(long Pair, long Count), (long MinusCount, long Pair)> _queue = new();

    private ByteLevelBpeTrainer()
    {
    }

    /// <summary>A byte-level BPE trained on <paramref name="texts"/>.</summary>
    /// <param name="texts">The corpus.</param>
    /// <param name="vocabularySize">
    /// How many tokens to learn, special tokens and the 256 bytes included; fewer where no pair is left that occurs twice.
    /// </param>
    /// <param name="specialTokens">Tokens that get the first ids, in this order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size leaves no room for the special tokens and the bytes.</exception>
    /// <exception cref="ArgumentException">A special token is empty or there twice.</exception>
    public static ByteLevelBpe Train(IEnumerable<string> texts, int vocabularySize, IReadOnlyList<string> specialTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 256 + specialTokens.Count);
        var trainer = new ByteLevelBpeTrainer();
        foreach (var token in specialTokens)
        {
            if (token.Length == 0 || !trainer.AddToken(token))
                throw new ArgumentException($"The special token '{token}' is empty or there twice.", nameof(specialTokens));
        }
        foreach (var character in Enumerable.Range(0, 256).Select(b => ByteAlphabet.Character((byte)b)).Order())
            trainer.AddToken(character.ToString());
        trainer.CountWords(texts);
        trainer.Learn(vocabularySize);
        return new ByteLevelBpe(trainer._tokens, trainer._merges, specialTokens.ToArray());
    }

    private bool AddToken(string token)
    {
        if (!_ids.TryAdd(token, _tokens.Count)) return false;
        _tokens.Add(token);
        return true;
    }

    private void CountWords(IEnumerable<string> texts)
    {
        var counts = new Dictionary<string, long>();
        var bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new Gpt2Pattern();
        foreach (var text in texts)
        {
            var span = Unicode.CodePoint.ReplaceLoneSurrogates(text).AsSpan();
            foreach (var (start, end) in new PatternMatches(words, span))
            {
                bySpan.TryGetValue(span[start..end], out var count);
                bySpan[span[start..end]] = count + 1;
            }
        }
        foreach (var (word, count) in counts)
        {
            var symbols = ByteAlphabet.Encode(word).Select(character => _ids[character.ToString()]).ToArray();
            AddPairs(_words.Count, symbols, count);
            _words.Add((symbols, count));
        }
        foreach (var pair in _counts.Keys) Enqueue(pair);
    }

    private void Learn(int vocabularySize)
    {
        while (_tokens.Count < vocabularySize && _queue.TryDequeue(out var best, out _))
        {
            var count = _counts[best.Pair];
            if (count != best.Count)
            {
                // Merges since have taken some of its occurrences.
                if (count > 0) Enqueue(best.Pair);
                continue;
            }
            if (count < LeastFrequency) return;
            var (left, right) = ((int)(best.Pair >> 32), (int)(best.Pair & 0xFFFFFFFF));
            _merges.Add((_tokens[left], _tokens[right]));
            AddToken(_tokens[left] + _tokens[right]);
            Join(best.Pair, left, right, _ids[_tokens[left] + _tokens[right]]);
        }
    }

    private void Join(long pair, int left, int right, int joined)
    {
        var touched = new HashSet<long>();
        foreach (var place in _places[pair].ToArray())
        {
            var (symbols, count) = _words[place];
            AddPairs(place, symbols, -count);
            symbols = Join(symbols, left, right, joined);
            AddPairs(place, symbols, count);
            _words[place] = (symbols, count);
            for (var i = 1; i < symbols.Length; i++)
                if (symbols[i - 1] == joined || symbols[i] == joined) touched.Add(BpeMerges.Pair(symbols[i - 1], symbols[i]));
        }
        _places[pair].Clear();
        foreach (var fresh in touched) Enqueue(fresh);
    }

    private static int[] Join(int[] symbols, int left, int right, int joined)
    {
        var result = new List<int>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            var match = symbols[i] == left && i + 1 < symbols.Length && symbols[i + 1] == right;
            result.Add(match ? joined : symbols[i]);
            if (match) i++;
        }
        return result.ToArray();
    }

    private void AddPairs(int place, int[] symbols, long count)
    {
        for (var i = 1; i < symbols.Length; i++)
        {
            var pair = BpeMerges.Pair(symbols[i - 1], symbols[i]);
            _counts[pair] = _counts.GetValueOrDefault(pair) + count;
            if (!_places.TryGetValue(pair, out var places)) _places[pair] = places = [];
            places.Add(place);
        }
    }

    private void Enqueue(long pair)
    {
        var count = _counts[pair];
        _queue.Enqueue((pair, count), (-count, pair));
    }
}
