using System.Text.Json;
using Rer.Engine.Input;

namespace Rer.Engine.Rewards.Custom;

/// <summary>The features of the user's own, kept in a file of a store's library. Thread-safe.</summary>
public sealed class FeatureCatalog
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "features.json";

    private static readonly JsonSerializerOptions Written = new(JsonInput.Options) { WriteIndented = true };

    /// <summary>Largest file of features that is read, in bytes.</summary>
    private const int LargestFile = 64 << 20;

    private readonly string _file;
    private readonly Lock _gate = new();
    private IReadOnlyList<FeatureDefinition> _all;

    /// <summary>The catalog of a folder; empty where it has none yet.</summary>
    /// <param name="folder">The library's folder; made when the first feature is saved.</param>
    /// <exception cref="InvalidDataException">The file cannot be read; the message names it.</exception>
    public FeatureCatalog(string folder)
    {
        _file = Path.Combine(folder, FileName);
        _all = File.Exists(_file) ? Read(_file) : [];
    }

    /// <summary>The features, by symbol.</summary>
    public IReadOnlyList<FeatureDefinition> All
    {
        get
        {
            lock (_gate) return _all;
        }
    }

    /// <summary>Reads a file of features, such as another store's.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the message names it and says what is wrong.</exception>
    public static IReadOnlyList<FeatureDefinition> Read(string file)
    {
        try
        {
            return JsonInput.Read<FeatureDefinition[]>(InputFile.ReadAllBytes(file, LargestFile));
        }
        catch (JsonInputException error)
        {
            throw new InvalidDataException($"{file}: the features cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The feature of a symbol; null where there is none.</summary>
    public FeatureDefinition? Find(string symbol) => All.FirstOrDefault(feature => feature.Symbol == symbol);

    /// <summary>What a design may use: its own definitions, and those of the catalog whose symbols it does not use yet.</summary>
    /// <remarks>A run's design keeps meaning what it meant, whatever became of the catalog's feature since.</remarks>
    public IReadOnlyList<FeatureDefinition> For(RewardDesign design) =>
        [.. design.CustomFeatures.UnionBy(All, feature => feature.Symbol).OrderBy(feature => feature.Symbol, StringComparer.Ordinal)];

    /// <summary>Keeps a feature, in place of the one of the same symbol where there is one.</summary>
    /// <exception cref="ArgumentException">The symbol is not allowed, there is no example, or one fails; the message says
    /// which.</exception>
    /// <exception cref="FeatureSourceException">The source cannot be read.</exception>
    /// <exception cref="InvalidOperationException">It is C# code, and code is not allowed here.</exception>
    public void Save(FeatureDefinition feature)
    {
        if (FeatureDefinition.WhyNot(feature.Symbol) is { } why) throw new ArgumentException(why);
        if (feature.Source.Length > FeatureDefinition.LongestSource) throw new ArgumentException(CustomFeatures.WhyNot(feature));
        if (feature.Problem is { } problem) throw new ArgumentException(problem);
        var results = CustomFeatures.Test(feature);
        if (results.Count == 0)
            throw new ArgumentException($"{feature.Symbol} has no example. Give at least one response with the value it must score.");
        if (results.Count(result => !result.Passes) is > 0 and var failed)
            throw new ArgumentException($"{failed} of {results.Count} examples fail. Correct the source or the values wanted.");
        lock (_gate) Write([.. _all.Where(f => f.Symbol != feature.Symbol).Append(feature).OrderBy(f => f.Symbol, StringComparer.Ordinal)]);
    }

    /// <summary>Forgets a feature. Runs that use it carry its definition and are not touched.</summary>
    public void Remove(string symbol)
    {
        lock (_gate) Write([.. _all.Where(f => f.Symbol != symbol)]);
    }

    private void Write(FeatureDefinition[] features)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        // Moved into place whole, so that a crash leaves the old file or the new one.
        var draft = _file + ".draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(features, Written));
        File.Move(draft, _file, overwrite: true);
        _all = features;
    }
}
