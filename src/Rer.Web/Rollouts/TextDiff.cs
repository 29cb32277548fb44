namespace Rer.Web.Rollouts;

/// <summary>Word-by-word differences of two texts.</summary>
public static class TextDiff
{
    /// <summary>Longest text compared, in words; of a longer one the rest is taken as replaced.</summary>
    public const int MostWords = 2_000;

    /// <summary>The shortest way from one text to another, by the longest common subsequence of their words.</summary>
    public static IReadOnlyList<DiffPart> Words(string before, string after)
    {
        var (a, b) = (Split(before), Split(after));
        var (n, m) = (Math.Min(a.Count, MostWords), Math.Min(b.Count, MostWords));
        // common[i, j]: words in common from a[i] and b[j] on.
        var common = new int[n + 1, m + 1];
        for (var i = n - 1; i >= 0; i--)
            for (var j = m - 1; j >= 0; j--)
                common[i, j] = Same(a[i], b[j]) ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var parts = new List<DiffPart>();
        int x = 0, y = 0;
        while (x < n && y < m)
        {
            if (Same(a[x], b[y])) (x, y) = Step(DiffKind.Kept, b[y], x + 1, y + 1);
            else if (common[x + 1, y] >= common[x, y + 1]) (x, y) = Step(DiffKind.Removed, a[x], x + 1, y);
            else (x, y) = Step(DiffKind.Added, b[y], x, y + 1);
        }
        for (; x < a.Count; x++) Add(DiffKind.Removed, a[x]);
        for (; y < b.Count; y++) Add(DiffKind.Added, b[y]);
        return parts;

        (int, int) Step(DiffKind kind, string word, int nextX, int nextY)
        {
            Add(kind, word);
            return (nextX, nextY);
        }

        void Add(DiffKind kind, string word)
        {
            if (parts.Count > 0 && parts[^1].Kind == kind) parts[^1] = parts[^1] with { Text = parts[^1].Text + word };
            else parts.Add(new DiffPart(kind, word));
        }
    }

    private static bool Same(string a, string b) => a.TrimEnd() == b.TrimEnd();

    // Words with the white space that follows them, so that the parts put together are the text.
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i < text.Length && !(char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))) continue;
            words.Add(text[start..i]);
            start = i;
        }
        return text.Length == 0 ? [] : words;
    }
}
