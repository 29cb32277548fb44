namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>How often each n-gram of a text occurs, for every order up to some.</summary>
internal sealed class CountedText
{
    private readonly Dictionary<NGram, int>[] _counts;

    private CountedText(int[] words, int order)
    {
        Length = words.Length;
        _counts = [.. Enumerable.Range(1, order).Select(n => Count(words, n))];
    }

    /// <summary>Number of words.</summary>
    public int Length { get; }

    /// <summary>Number of n-grams.</summary>
    public int Total(int n) => Math.Max(0, Length - n + 1);

    /// <summary>How often each n-gram occurs.</summary>
    public IReadOnlyDictionary<NGram, int> Counts(int n) => _counts[n - 1];

    /// <summary>How often one n-gram occurs.</summary>
    public int CountOf(NGram gram, int n) => _counts[n - 1].GetValueOrDefault(gram);

    /// <summary>Texts that are to be compared, counted over one vocabulary.</summary>
    public static CountedText[] Of(IEnumerable<IReadOnlyList<string>> texts, int order)
    {
        var vocabulary = new Dictionary<string, int>();
        return [.. texts.Select(text => new CountedText([.. text.Select(Number)], order))];

        int Number(string word)
        {
            if (!vocabulary.TryGetValue(word, out var number)) vocabulary[word] = number = vocabulary.Count;
            return number;
        }
    }

    private static Dictionary<NGram, int> Count(int[] words, int n)
    {
        var counts = new Dictionary<NGram, int>();
        for (var i = 0; i + n <= words.Length; i++)
        {
            var gram = new NGram(words, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }
}
