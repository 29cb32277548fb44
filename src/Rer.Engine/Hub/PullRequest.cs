namespace Rer.Engine.Hub;

/// <summary>What to fetch, and where to.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Folder">Folder its files go to; made where it is missing.</param>
public sealed record PullRequest(HubRepository Repository, string Folder)
{
    /// <summary>Branch, tag or commit. Default `main`.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>Patterns of the files to take (`*`, `?`); none takes what a model or a data set needs.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];
}
