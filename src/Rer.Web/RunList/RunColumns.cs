namespace Rer.Web.RunList;

/// <summary>The columns that a list of runs shows, always in the order of <see cref="RunColumn"/>.</summary>
/// <param name="Shown">Those shown.</param>
public sealed record RunColumns(IReadOnlySet<RunColumn> Shown)
{
    private const string None = "none";

    private static readonly RunColumn[] Beside = [RunColumn.Gold, RunColumn.Tau, RunColumn.Launched];

    /// <summary>Every column there is.</summary>
    public static IReadOnlyList<RunColumn> All { get; } = Enum.GetValues<RunColumn>();

    /// <summary>What a list shows unless the reader chooses: all but gold model, tau and launch.</summary>
    public static RunColumns Usual { get; } = new(All.Except(Beside).ToHashSet());

    /// <summary>Whether a column is shown.</summary>
    public bool this[RunColumn column] => Shown.Contains(column);

    /// <summary>The columns that an address names, with commas between; the usual ones where it names none.</summary>
    public static RunColumns Parse(string? text) => string.IsNullOrEmpty(text)
        ? Usual
        : new(
            text.Split(',')
                .Select(name => Enum.TryParse<RunColumn>(name, true, out var column) && Enum.IsDefined(column) ? column : (RunColumn?)null)
                .OfType<RunColumn>().ToHashSet());

    /// <summary>As <see cref="Parse"/> reads it; null for the usual columns.</summary>
    public string? Text =>
        Shown.SetEquals(Usual.Shown) ? null : Shown.Count == 0 ? None
            : string.Join(',', Shown.Order().Select(c => c.ToString().ToLowerInvariant()));

    /// <summary>The same with one column shown or not.</summary>
    public RunColumns With(RunColumn column, bool on) =>
        new(on ? Shown.Append(column).ToHashSet() : Shown.Where(c => c != column).ToHashSet());

    /// <summary>What a column is called where it is chosen.</summary>
    public static string Name(RunColumn column) => column switch
    {
        RunColumn.Gold => "Gold model",
        RunColumn.Options => "Options that differ",
        RunColumn.Rho => "\u03c1",
        RunColumn.Tau => "\u03c4",
        RunColumn.Start => "Gold, start",
        RunColumn.Best => "Gold, best",
        RunColumn.Final => "Gold, final",
        _ => column.ToString(),
    };
}
