namespace Rer.Engine.Data;

/// <summary>
/// A data file cannot be used. The message lists every bad place: which file, line and item, what is wrong, what would be right.
/// </summary>
public sealed class DataFileException : Exception
{
    /// <summary>Messages shown at most; the rest are counted.</summary>
    public const int ShownErrors = 20;

    /// <summary>Names the file and all that is wrong with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">One message a bad place, each naming it in full.</param>
    public DataFileException(string path, IReadOnlyList<string> errors)
        : base(Describe(errors))
    {
        Path = path;
        Errors = errors;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>One message a bad place, uncapped.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>Joins messages to lines, at most <see cref="ShownErrors"/> of them.</summary>
    public static string Describe(IReadOnlyList<string> errors)
    {
        var shown = string.Join('\n', errors.Take(ShownErrors));
        return errors.Count <= ShownErrors ? shown : $"{shown}\n... and {errors.Count - ShownErrors} more";
    }
}
