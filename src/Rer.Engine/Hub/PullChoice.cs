using System.IO.Enumeration;
using Rer.Engine.Data;

namespace Rer.Engine.Hub;

/// <summary>Which files of a repository are fetched.</summary>
/// <param name="Taken">These, the smallest first: a wrong repository then shows before its weights have come.</param>
/// <param name="Pickles">Left out: they can run any code when they are loaded.</param>
/// <param name="Others">Left out: not asked for, or nothing here reads them.</param>
internal sealed record PullChoice(IReadOnlyList<HubFile> Taken, IReadOnlyList<string> Pickles, IReadOnlyList<string> Others)
{
    private const int Shown = 8;
    private const string Weights = "model.safetensors";

    private static readonly string[] PickleExtensions =
        [".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill", ".npy", ".npz", ".mar", ".nemo"];
    private static readonly string[] ModelExtensions = [".safetensors", ".json", ".txt", ".model", ".jinja", ".md"];

    /// <summary>Chooses by patterns; without any, what a model or a data set needs here.</summary>
    /// <exception cref="HubException">Nothing is left to take, or the weights are there as pickles alone.</exception>
    public static PullChoice Of(HubRepository repository, IReadOnlyList<HubFile> files, IReadOnlyList<string> include)
    {
        var wanted = files.Where(file => include.Count == 0 ? IsNeeded(repository, file.Path, files) : Matches(include, file.Path));
        HubFile[] taken = [.. wanted.Where(file => !IsPickle(file.Path)).OrderBy(file => file.Size ?? 0)
            .ThenBy(file => file.Path, StringComparer.Ordinal)];
        var choice = new PullChoice(
            taken,
            [.. files.Where(file => IsPickle(file.Path)).Select(file => file.Path)],
            [.. files.Except(taken).Where(file => !IsPickle(file.Path)).Select(file => file.Path)]);
        choice.Check(repository, files, include);
        return choice;
    }

    private void Check(HubRepository repository, IReadOnlyList<HubFile> files, IReadOnlyList<string> include)
    {
        // A pickle that is named outright, or without which nothing useful is left, is worth an answer; others are counted.
        string[] refused = include.Count > 0
            ? [.. Pickles.Where(path => include.Contains(path) || Taken.Count == 0 && Matches(include, path))]
            : repository.IsDataset || Taken.Any(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)) ? []
            : [.. Pickles.Where(path => !path.Contains('/'))];
        if (refused.Length > 0) throw new HubException(Refusal(repository, refused));
        if (Taken.Count > 0) return;
        throw new HubException(include.Count > 0
            ? $"{repository}: no file matches --include {string.Join(' ', include)}. It holds {List(files.Select(file => file.Path))}."
            : $"{repository}: holds no file that is read here "
                + $"({string.Join(", ", repository.IsDataset ? DataFile.Extensions : ModelExtensions)}). It holds "
                + $"{List(files.Select(file => file.Path))}."
                + (files.Any(file => file.Path.EndsWith(".parquet", StringComparison.Ordinal))
                    ? " Parquet is not read here: export it once in Python, pandas.read_parquet(file).to_json('data.jsonl', "
                        + "orient='records', lines=True)." : ""));
    }

    private static string Refusal(HubRepository repository, string[] pickles) =>
        $"{repository}: {List(pickles)} {(pickles.Length == 1 ? "is a pickle" : "are pickles")}, which can run any code when loaded. "
            + "Pickles are never fetched. "
        + "Instead: look for a safetensors revision (the Hub's converter leaves one as a pull request: --revision refs/pr/1, or the number "
        + "its page shows), "
        + "or convert once in Python, on a machine where that code may run: "
        + "AutoModelForCausalLM.from_pretrained(name).save_pretrained(folder, safe_serialization=True).";

    private static bool Matches(IReadOnlyList<string> patterns, string path) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false));

    private static bool IsPickle(string path) =>
        PickleExtensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    private static bool IsNeeded(HubRepository repository, string path, IReadOnlyList<HubFile> files)
    {
        if (repository.IsDataset) return DataFile.IsReadable(path) || path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);
        // Folders of a model's repository hold other formats and earlier checkpoints.
        if (path.Contains('/') || path[0] == '.') return false;
        if (path.StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase)) return true;
        if (!ModelExtensions.Any(extension => path.EndsWith(extension, StringComparison.Ordinal))) return false;
        if (!path.EndsWith(".safetensors", StringComparison.Ordinal)) return true;
        // Beside the weights that are read there may be the same ones in other types and layouts: model.fp16, consolidated.
        if (files.Any(file => file.Path == Weights)) return path is Weights or "adapter_model.safetensors";
        return !files.Any(file => file.Path == Weights + ".index.json") || path.StartsWith("model-", StringComparison.Ordinal);
    }

    private static string List(IEnumerable<string> paths)
    {
        var all = paths.ToArray();
        return all.Length == 0 ? "no file"
            : string.Join(", ", all.Take(Shown)) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }
}
