namespace Rer.Engine.Hub;

/// <summary>What a revision of a repository holds.</summary>
/// <param name="Commit">The commit that the revision names, so that every file comes from the same one.</param>
/// <param name="Files">Its files.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files);
