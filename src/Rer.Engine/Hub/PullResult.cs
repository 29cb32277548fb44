namespace Rer.Engine.Hub;

/// <summary>What a pull left.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Commit">The commit its files are of.</param>
/// <param name="Fetched">Files that were fetched.</param>
/// <param name="Present">Files that were there already, with the right checksum.</param>
/// <param name="Bytes">Bytes of both.</param>
/// <param name="Pickles">Files left out because they are pickles.</param>
/// <param name="Others">Files left out because nothing here reads them.</param>
public sealed record PullResult(
    string Folder, string Commit, int Fetched, int Present, long Bytes, IReadOnlyList<string> Pickles, IReadOnlyList<string> Others);
