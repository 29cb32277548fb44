namespace Rer.Engine.Hub;

/// <summary>A file of a repository, as the Hub lists it.</summary>
/// <param name="Path">Path in the repository, parts separated by `/`.</param>
/// <param name="Size">Bytes; null where the listing does not say.</param>
/// <param name="Checksum">What its content hashes to; null where the listing does not say.</param>
internal sealed record HubFile(string Path, long? Size, FileChecksum? Checksum)
{
    /// <summary>Why the path may not be written below a folder; null where it may.</summary>
    /// <remarks>A listing comes from elsewhere: a name such as `../x` would write outside.</remarks>
    internal string? Fault =>
        Path.Length == 0 ? "is empty"
        : Path.Any(char.IsControl) ? "holds control characters"
        : Path.Contains('\\') || Path.Contains(':') ? "holds a '\\' or ':'"
        : Path.Split('/').Any(part => part is "" or "." or ".." || part.TrimEnd(' ', '.').Length == 0) ? "leads out of the folder"
        : Path.Length > 1024 ? "is longer than 1024 characters"
        : null;
}
