using System.Collections.Concurrent;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Hub;
using Rer.Engine.Input;

namespace Rer.Engine.Library;

/// <summary>The models and prompt sets that lie in some folders of this machine.</summary>
/// <param name="own">Where imported prompt sets go; made when the first comes.</param>
/// <param name="others">Further folders to look through.</param>
public sealed class StudyLibrary(string own, IReadOnlyList<string> others)
{
    /// <summary>Folders below a root that are looked into.</summary>
    private const int Depth = 3;

    /// <summary>Largest file that is read as a prompt set, in bytes.</summary>
    private const long LargestFile = 256L << 20;

    private readonly ConcurrentDictionary<(string Path, DateTime Written), ModelSummary> _models = new();
    private readonly ConcurrentDictionary<(string Path, DateTime Written), PromptSetSummary> _prompts = new();

    /// <summary>The library's folder in a run store.</summary>
    public static string In(string store) => Path.Combine(store, "library");

    /// <summary>Where a repository fetched from the Hub goes in a store's library.</summary>
    public static string FolderOf(string store, HubRepository repository) =>
        Path.GetFullPath(Path.Combine([In(store), .. repository.Id.Split('/')]));

    /// <summary>Where imported prompt sets go.</summary>
    public string Own { get; } = Path.GetFullPath(own);

    /// <summary>Every model folder, by use and name.</summary>
    /// <param name="extra">Folders to list besides, for example those that runs name.</param>
    public IReadOnlyList<ModelSummary> Models(IEnumerable<string>? extra = null)
    {
        var folders =
            Roots().SelectMany(root => Folders(root, Depth)).Concat(extra ?? []).Where(f => File.Exists(Path.Combine(f, "config.json")));
        return [.. Distinct(folders)
            .Select(
                f => _models.GetOrAdd((f, File.GetLastWriteTimeUtc(Path.Combine(f, "config.json"))), key => ModelSummary.Read(key.Path)))
            .OrderBy(m => m.Use).ThenBy(m => m.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Every file that reads as a prompt set, by name.</summary>
    /// <param name="extra">Files to list besides, whether they can be read or not.</param>
    public IReadOnlyList<PromptSetSummary> PromptSets(IEnumerable<string>? extra = null)
    {
        var named = Distinct((extra ?? []).Where(File.Exists)).ToHashSet();
        var found = Roots().SelectMany(root => Folders(root, Depth)).Where(f => !File.Exists(Path.Combine(f, "config.json")))
            .SelectMany(f => Directory.EnumerateFiles(f)).Where(f =>
                DataFile.IsReadable(f) && InputFile.Exists(f) && InputFile.Length(f) <= LargestFile);
        return [.. Distinct(found.Concat(named))
            .Select(f => _prompts.GetOrAdd((f, File.GetLastWriteTimeUtc(f)), key => PromptSetSummary.Read(key.Path)))
            // A folder holds other JSON files too; only one that was asked for is worth a complaint.
            .Where(p => p.Problem is null || named.Contains(p.Path)).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Whether a prompt set is one of the library's own, which may be edited.</summary>
    public bool IsOwn(string path) => Path.GetFullPath(path).StartsWith(Own + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Writes a prompt set into the library.</summary>
    /// <param name="name">What it is called there: letters, digits, `-`, `_` and `.`.</param>
    /// <param name="items">Its items.</param>
    /// <returns>The file.</returns>
    /// <exception cref="ArgumentException">The name is not allowed, or is taken.</exception>
    public string Import(string name, IReadOnlyList<PromptItem> items)
    {
        if (name.Length == 0 || name[0] == '.' || name.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
            throw new ArgumentException($"'{name}' is no name for a prompt set. Use letters, digits, '-', '_' and '.'.", nameof(name));
        var path = Path.Combine(Own, name + ".json");
        if (File.Exists(path))
            throw new ArgumentException($"The library has a prompt set '{name}' already. Choose another name.", nameof(name));
        new PromptSet(path, items).Save(path);
        return path;
    }

    /// <summary>Sets the query type of one item of an own prompt set.</summary>
    /// <param name="path">The prompt set.</param>
    /// <param name="index">The item.</param>
    /// <param name="type">Its type; null takes it away.</param>
    /// <exception cref="ArgumentException">The prompt set is not the library's own.</exception>
    public void SetQueryType(string path, int index, QueryType? type)
    {
        if (!IsOwn(path))
            throw new ArgumentException($"{path} is not in {Own}. Import it first: files of others are not changed.", nameof(path));
        var prompts = PromptSet.Load(path);
        new PromptSet(path,
            [.. prompts.Items.Select(i => i.Index == index ? i with { QueryType = type, QueryTypeIsPredicted = false } : i)]).Save(path);
    }

    private IEnumerable<string> Roots() => others.Append(Own).Where(Directory.Exists);

    private static IEnumerable<string> Distinct(IEnumerable<string> paths) =>
        paths.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Folders(string folder, int depth)
    {
        yield return folder;
        if (depth == 0) yield break;
        foreach (var below in Directory.EnumerateDirectories(folder).Where(f => Path.GetFileName(f)[0] != '.'))
            foreach (var found in Folders(below, depth - 1)) yield return found;
    }
}
