namespace Rer.Engine.Evaluation;

/// <summary>Counts n-grams.</summary>
internal static class NGrams
{
    /// <summary>How often each run of <paramref name="n"/> words occurs.</summary>
    public static Dictionary<NGram, int> Count(IReadOnlyList<string> words, int n)
    {
        var counts = new Dictionary<NGram, int>();
        for (var i = 0; i + n <= words.Count; i++)
        {
            var gram = new NGram(words, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }

        return counts;
    }
}
