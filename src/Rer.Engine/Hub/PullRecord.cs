using System.Text.Json;

namespace Rer.Engine.Hub;

/// <summary>Where a folder's files come from: `.pull.json`, written beside them before the first.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Revision">What was asked for.</param>
/// <param name="Commit">The commit it named.</param>
internal sealed record PullRecord(string Repository, string Revision, string Commit)
{
    private const string FileName = ".pull.json";
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Whether a folder's files came by a pull of this repository, so that a newer commit's may replace them.</summary>
    public static bool Covers(string folder, HubRepository repository)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path)
                && JsonSerializer.Deserialize<PullRecord>(File.ReadAllText(path), _json)?.Repository == repository.ToString();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, _json) + "\n");
}
