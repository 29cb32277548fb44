using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rer.Engine.Data;

/// <summary>
/// Preference pairs in a file: a JSON array, or one JSON object a line, with `prompt`, `chosen`, `rejected` and optionally `subset`.
/// </summary>
public sealed class PreferenceSet
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private PreferenceSet(IReadOnlyList<PreferencePair> pairs) => Pairs = pairs;

    /// <summary>The pairs in the file's order.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not of that form, or empty; the message names the item.</exception>
    public static PreferenceSet Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: no such file. A preference set is JSON with prompt, chosen and rejected in each item.", path);
        var text = File.ReadAllText(path);
        var pairs = Nodes(path, text).Select((node, i) => Pair(path, i, node)).ToArray();
        if (pairs.Length == 0) throw new InvalidDataException($"{path}: holds no preference pair.");
        return new PreferenceSet(pairs);
    }

    /// <summary>Writes pairs, one a line.</summary>
    public static void Write(string path, IEnumerable<PreferencePair> pairs) =>
        File.WriteAllLines(path, pairs.Select(pair => JsonSerializer.Serialize(pair, Format)));

    private static IEnumerable<JsonNode?> Nodes(string path, string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("[")) return Parse(path, 0, text)!.AsArray();
        return text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).Select((line, i) => Parse(path, i, line));
    }

    private static JsonNode? Parse(string path, int item, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, item {item}: is no JSON: {error.Message}", error);
        }
    }

    private static PreferencePair Pair(string path, int item, JsonNode? node)
    {
        if (node is not JsonObject row) throw new InvalidDataException($"{path}, item {item}: an object with prompt, chosen and rejected is needed.");
        return new PreferencePair(Text("prompt")!, Text("chosen")!, Text("rejected")!, Text("subset", required: false));

        string? Text(string name, bool required = true) => row[name] switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            null when !required => null,
            null => throw new InvalidDataException($"{path}, item {item}: '{name}' is missing. Each item needs prompt, chosen and rejected."),
            _ => throw new InvalidDataException($"{path}, item {item}: '{name}' must be a text."),
        };
    }
}
