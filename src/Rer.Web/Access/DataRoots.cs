using Rer.Engine.Gold;
using Rer.Engine.Options;
using Rer.Engine.Runs.Planning;

namespace Rer.Web.Access;

/// <summary>
/// The folders of this machine that requests may name: the store with its library, what ships with Rer, and those that the person who
/// starts the dashboard names. Of any other path nothing is said, not even whether it exists.
/// </summary>
/// <param name="folders">The folders.</param>
public sealed class DataRoots(IEnumerable<string> folders)
{
    private const string Readable =
        "that this dashboard reads: it reads its store and library, what ships with Rer, and folders that --data-root named when it was "
            + "started.";

    private readonly string[] _folders = [.. folders.Select(Path.GetFullPath)];

    /// <summary>Whether a path is one of the folders, or below one.</summary>
    public bool Allows(string path)
    {
        // A text with a zero in it is no path at all.
        if (path.Contains('\0')) return false;
        var full = Path.GetFullPath(path);
        return _folders.Any(folder => full == folder || full.StartsWith(WithSeparator(folder), StringComparison.Ordinal));
    }

    /// <summary>Every path of a plan that lies elsewhere, as an error of its option.</summary>
    public IReadOnlyList<PlanError> Problems(RunPlan plan)
    {
        var paths = new List<(string Option, string? Path, string What)>
        {
            ("policy", plan.Policy, "folder"),
            ("data", plan.Data, "file"),
            ("eval-data", plan.EvaluationData, "file"),
            ("relevance", FolderOf(plan.Relevance), "folder"),
        };
        paths.AddRange(FoldersOf(plan.Gold).Select(folder => ("gold", (string?)folder, "folder")));
        // What is empty is missing, which is another error.
        return
        [
            .. paths.Where(p => p.Path is { Length: > 0 } path && !Allows(path))
                .Select(p => new PlanError(p.Option, p.Path!, $"is not a {p.What} {Readable}")),
        ];
    }

    /// <summary>What is wrong with a plan: its paths, and where they may be read, everything else.</summary>
    public IReadOnlyList<PlanError> Validate(RunPlan plan) =>
        Problems(plan).Count == 0 ? plan.Validate() : ValidateOptions(plan);

    /// <summary>
    /// What is wrong with a plan's options: paths that lie elsewhere, of which nothing else is said, and everything else.
    /// </summary>
    public IReadOnlyList<PlanError> ValidateOptions(RunPlan plan)
    {
        var problems = Problems(plan);
        var elsewhere = problems.Select(problem => problem.Option).ToHashSet();
        return [.. problems, .. plan.ValidateOptions().Where(error => !elsewhere.Contains(error.Option))];
    }

    /// <summary>Refuses a plan whose files lie elsewhere.</summary>
    /// <exception cref="PlanException">One of its paths is outside the folders.</exception>
    public void Require(RunPlan plan)
    {
        if (Problems(plan) is { Count: > 0 } problems) throw new PlanException(problems);
    }

    /// <summary>Refuses a gold model whose folders lie elsewhere.</summary>
    /// <exception cref="PlanException">One of them is outside the folders.</exception>
    public void RequireGold(string gold)
    {
        foreach (var folder in FoldersOf(gold).Where(folder => !Allows(folder)))
            throw new PlanException([new PlanError("gold", folder, $"is not a folder {Readable}")]);
    }

    /// <summary>Refuses a relevance model whose folder lies elsewhere.</summary>
    /// <exception cref="PlanException">It is outside the folders.</exception>
    public void RequireRelevance(string relevance)
    {
        if (FolderOf(relevance) is { } folder && !Allows(folder))
            throw new PlanException([new PlanError("relevance", folder, $"is not a folder {Readable}")]);
    }

    /// <summary>Refuses a file that lies elsewhere.</summary>
    /// <exception cref="PlanException">It is outside the folders.</exception>
    public void RequireFile(string option, string path)
    {
        if (!Allows(path)) throw new PlanException([new PlanError(option, path, $"is not a file {Readable}")]);
    }

    private static string? FolderOf(string relevance) =>
        relevance.Split(':', 2) is ["contriever", var folder] ? folder : null;

    private static IEnumerable<string> FoldersOf(string? gold)
    {
        if (gold is not { Length: > 0 }) return [];
        var source = GoldSource.Parse(gold);
        return source.TemplateFolder is { } template ? source.Folders.Append(template) : source.Folders;
    }

    private static string WithSeparator(string folder) => folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
}
