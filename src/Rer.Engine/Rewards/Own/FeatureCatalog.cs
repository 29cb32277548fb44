using System.Text.Encodings.Web;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rer.Engine.Rewards.Own;

/// <summary>The features of the user's own, kept in a file of the store's folder. Thread-safe.</summary>
public sealed class FeatureCatalog
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "features.json";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _file;
    private readonly Lock _gate = new();
    private IReadOnlyList<FeatureDefinition> _features;

    /// <summary>The catalog of a store's folder; empty where it has none yet.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read; the message names it.</exception>
    public FeatureCatalog(string folder)
    {
        _file = Path.Combine(folder, FileName);
        try
        {
            _features = File.Exists(_file) ? JsonSerializer.Deserialize<FeatureDefinition[]>(File.ReadAllText(_file), _json) ?? [] : [];
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{_file}: the features cannot be read ({error.Message}). Correct the file, or move it away to begin anew.", error);
        }
    }

    /// <summary>The features, by symbol.</summary>
    public IReadOnlyList<FeatureDefinition> All
    {
        get
        {
            lock (_gate) return _features;
        }
    }

    /// <summary>Keeps a feature, in place of the one of the same symbol where there is one.</summary>
    /// <exception cref="FormatException">Symbol or source are not allowed; the message says what would be.</exception>
    /// <exception cref="InvalidOperationException">It is C# code, and code is not allowed here.</exception>
    public void Save(FeatureDefinition feature)
    {
        if (FeatureDefinition.WhyNot(feature.Symbol) is { } why) throw new FormatException(why);
        OwnFeatures.Compile(feature);
        lock (_gate) Write([.. _features.Where(f => f.Symbol != feature.Symbol).Append(feature).OrderBy(f => f.Symbol, StringComparer.Ordinal)]);
    }

    /// <summary>Forgets a feature. Runs that use it carry its definition and are not touched.</summary>
    public void Remove(string symbol)
    {
        lock (_gate) Write([.. _features.Where(f => f.Symbol != symbol)]);
    }

    private void Write(FeatureDefinition[] features)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var draft = _file + ".draft";
        File.WriteAllText(draft, JsonSerializer.Serialize(features, _json));
        File.Move(draft, _file, overwrite: true);
        _features = features;
    }
}
