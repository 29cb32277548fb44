using System.Text.Json;
using Rer.Engine.Input;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Weights;

/// <summary>
/// The weights of a Hugging Face folder: one `model.safetensors`, or shards listed in `model.safetensors.index.json`.
/// </summary>
public sealed class WeightFolder : IDisposable
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private readonly List<Safetensors> _files;
    private readonly Dictionary<string, Safetensors> _owner;

    private WeightFolder(string path, List<Safetensors> files, Dictionary<string, Safetensors> owner)
    {
        Path = path;
        _files = files;
        _owner = owner;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The tensors in all files, by name.</summary>
    public IEnumerable<SafetensorsEntry> Entries => _owner.Select(item => item.Value.Entries[item.Key]);

    /// <summary>Opens a folder's weights.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">
    /// The folder holds no safetensors weights, or lacks shards that its index names (all are listed).
    /// </exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the index names tensors that its shards do not hold.</exception>
    public static WeightFolder Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such model folder.");
        var single = System.IO.Path.Combine(folder, Single);
        if (File.Exists(single))
        {
            var file = Safetensors.Open(single);
            return new WeightFolder(folder, [file], file.Entries.Keys.ToDictionary(name => name, _ => file));
        }
        var index = System.IO.Path.Combine(folder, Index);
        if (File.Exists(index)) return OpenShards(folder, index);
        throw new FileNotFoundException(NoWeights(folder));
    }

    /// <summary>Whether the folder holds a tensor of that name.</summary>
    public bool Contains(string name) => _owner.ContainsKey(name);

    /// <summary>
    /// Checks that the folder holds exactly the tensors a model needs.
    /// </summary>
    /// <param name="expected">Name and shape of each tensor the model needs.</param>
    /// <param name="ignorable">Whether a tensor the model does not need may be there all the same (stored buffers, a tied head).</param>
    /// <exception cref="InvalidDataException">
    /// Tensors are missing, of another shape, of a type that cannot be read, or more than the model has; all are listed with what is
    /// wanted.
    /// </exception>
    public void Check(IReadOnlyDictionary<string, long[]> expected, Func<string, bool> ignorable)
    {
        var missing = expected.Where(item => !Contains(item.Key))
            .Select(item => $"{Excerpt.Of(item.Key)} {SafetensorsEntry.Describe(item.Value)}").ToList();
        var mismatched = expected.Where(item => Contains(item.Key) && !_owner[item.Key].Entries[item.Key].Shape.SequenceEqual(item.Value))
            .Select(
                item => $"{item.Key} is {SafetensorsEntry.Describe(_owner[item.Key].Entries[item.Key].Shape)}, config.json asks for "
                    + $"{SafetensorsEntry.Describe(item.Value)}")
            .ToList();
        var extra = _owner.Keys.Where(name => !expected.ContainsKey(name) && !ignorable(name))
            .Select(name => $"{Excerpt.Of(name)} {SafetensorsEntry.Describe(_owner[name].Entries[name].Shape)}").ToList();
        var unreadable = expected.Keys.Where(name => Contains(name) && _owner[name].Entries[name].Element is null)
            .Select(name => $"{name} is {_owner[name].Entries[name].DType}; F32, F16 or BF16 is needed").ToList();
        if (missing.Count + mismatched.Count + extra.Count + unreadable.Count == 0) return;

        var lines = new List<string> { $"{Path}: the weights do not fit config.json." };
        Append(lines, "Missing", missing);
        Append(lines, "Of another shape", mismatched);
        Append(lines, "Not part of this architecture", extra);
        Append(lines, "Of a type that cannot be read", unreadable);
        throw new InvalidDataException(string.Join(Environment.NewLine, lines));
    }

    /// <summary>A new tensor on the CPU in the file's own type.</summary>
    /// <exception cref="InvalidDataException">No file holds it.</exception>
    public Tensor Read(string name) => Owner(name).Read(name);

    /// <summary>Copies a tensor into <paramref name="target"/>, converting to its type and device.</summary>
    /// <exception cref="InvalidDataException">No file holds it, or the shapes differ.</exception>
    public void ReadInto(string name, Tensor target) => Owner(name).ReadInto(name, target);

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static WeightFolder OpenShards(string folder, string index)
    {
        var map = WeightMap(index);
        var shards = map.Values.Distinct().Order(StringComparer.Ordinal).ToList();
        var absent = shards.Where(shard => !File.Exists(System.IO.Path.Combine(folder, shard))).ToList();
        if (absent.Count > 0)
            throw new FileNotFoundException(
                $"{folder}: {absent.Count} of {shards.Count} shards named by {Index} are missing: {string.Join(", ", absent)}.");

        var files = new Dictionary<string, Safetensors>();
        try
        {
            foreach (var shard in shards) files[shard] = Safetensors.Open(System.IO.Path.Combine(folder, shard));
            var lost =
                map.Where(item => !files[item.Value].Entries.ContainsKey(item.Key)).Select(item => $"{item.Key} ({item.Value})").ToList();
            if (lost.Count > 0)
                throw new InvalidDataException(
                    $"{index}: tensors that are not in the shard named for them: "
                        + $"{string.Join(", ", lost.Take(10))}{(lost.Count > 10 ? $" and {lost.Count - 10} more" : "")}.");
            return new WeightFolder(folder, [.. files.Values], map.ToDictionary(item => item.Key, item => files[item.Value]));
        }
        catch
        {
            foreach (var file in files.Values) file.Dispose();
            throw;
        }
    }

    private static Dictionary<string, string> WeightMap(string index)
    {
        try
        {
            var json = JsonText.Parse(index, InputFile.ReadAllBytes(index));
            var map = json.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(item => item.Name, item => item.Value.GetString() ?? "");
            // A shard is a file of this folder: an index cannot point anywhere else.
            if (map.Values.FirstOrDefault(shard => shard.Length == 0 || System.IO.Path.GetFileName(shard) != shard) is { } outside)
                throw new InvalidDataException($"{index}: '{Excerpt.Of(outside)}' is not a file name.");
            return map;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"{index}: not an index of shards ({error.Message}).", error);
        }
    }

    private static string NoWeights(string folder)
    {
        var pickles = Directory.EnumerateFiles(folder)
            .Where(file => System.IO.Path.GetExtension(file) is ".bin" or ".pt" or ".pth" or ".ckpt")
            .Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        if (pickles.Count == 0) return $"{folder}: holds neither {Single} nor {Index}.";
        return $"{folder}: holds only pickle weights ({string.Join(", ", pickles)}), which can run any code when they are loaded and are "
            + "never read here. "
            + "Take the repository's safetensors revision, or convert once in Python: "
            + "AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder, safe_serialization=True).";
    }

    private static void Append(List<string> lines, string what, List<string> items)
    {
        const int shown = 20;
        if (items.Count == 0) return;
        lines.Add($"{what} ({items.Count}):");
        lines.AddRange(items.Take(shown).Select(item => "  " + item));
        if (items.Count > shown) lines.Add($"  and {items.Count - shown} more");
    }

    private Safetensors Owner(string name) =>
        _owner.TryGetValue(name, out var file) ? file : throw new InvalidDataException($"{Path}: no file holds a tensor '{name}'.");
}
