namespace Rer.Engine.Input;

/// <summary>Finds the known name that somebody meant who wrote another.</summary>
internal static class NearestName
{
    /// <summary>Longest name that is compared; the work grows with the square of it.</summary>
    private const int Longest = 64;

    /// <summary>`is not known. The nearest known name is 'steps'.`, or the known names where none is near.</summary>
    public static string Unknown(string name, IReadOnlyList<string> known) => Of(name, known) is { } nearest
        ? $"is not known. The nearest known name is '{nearest}'."
        : $"is not known. Known names: {string.Join(", ", known)}.";

    /// <summary>The known name nearest to one, by letters changed, added or left out; null where none is alike.</summary>
    public static string? Of(string name, IReadOnlyList<string> known)
    {
        if (name.Length > Longest || known.Count == 0) return null;
        var (nearest, distance) = known.Select(other => (other, Distance(name.ToUpperInvariant(), other.ToUpperInvariant()))).MinBy(pair =>
            pair.Item2);
        return distance <= Math.Max(2, name.Length / 2) && distance < nearest.Length ? nearest : null;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j - 1], above) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
