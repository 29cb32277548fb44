namespace Rer.Engine.Runs;

/// <summary>Bounds of what people write on runs: it is read with every list of runs.</summary>
public static class RunLabels
{
    /// <summary>Most characters of a note.</summary>
    public const int LongestNote = 10_000;

    /// <summary>Most characters of a run's tags, with a comma between them.</summary>
    public const int LongestTags = 1000;

    /// <summary>Most characters of a sweep's name.</summary>
    public const int LongestName = 200;

    /// <summary>A note as it is kept.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static string Note(string note) => Within(note, LongestNote, "note");

    /// <summary>A sweep's name as it is kept.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static string SweepName(string name) => Within(name, LongestName, "name");

    /// <summary>Tags as they are kept: without white space around them or line ends in them, each once, in order.</summary>
    /// <exception cref="ArgumentException">They are too long together.</exception>
    public static IReadOnlyList<string> Tags(IEnumerable<string> tags)
    {
        string[] clean = [.. tags.Select(tag => tag.ReplaceLineEndings(" ").Trim()).Where(tag => tag.Length > 0).Distinct()
            .Order(StringComparer.Ordinal)];
        var length = clean.Sum(tag => (long)tag.Length) + Math.Max(0, clean.Length - 1);
        return length <= LongestTags ? clean : throw TooLong("tags", length, LongestTags);
    }

    private static string Within(string text, int most, string what) => text.Length <= most ? text : throw TooLong(what, text.Length, most);

    private static ArgumentException TooLong(string what, long length, int most) =>
        new($"{what}: {length} characters; at most {most} are kept.");
}
