using System.Text.Json;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Models.Architectures;

/// <summary>Typed access to a config file's fields, with errors that name the file, the field and what would be right.</summary>
internal sealed class ConfigFields
{
    /// <summary>Largest configuration that is read, in bytes.</summary>
    private const long Largest = 64L << 20;

    private readonly JsonElement _root;

    public ConfigFields(JsonElement root, string path)
    {
        Path = path;
        _root = root.ValueKind == JsonValueKind.Object ? root : throw new InvalidDataException($"{path}: not a JSON object.");
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The names of the fields that are there, be they null.</summary>
    public IEnumerable<string> Names => _root.EnumerateObject().Select(item => item.Name);

    /// <summary>The file's text.</summary>
    public string SourceJson => _root.GetRawText();

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object; the message says what it is and where.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static ConfigFields Read(string path)
    {
        var content = InputFile.ReadAllBytes(path, Largest);
        try
        {
            return new ConfigFields(JsonText.Parse(path, content), path);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}: {FileKind.Describe(content)}, not JSON: {JsonText.Reason(error)}", error);
        }
    }

    public bool Has(string field) => _root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the file says anything of it, be it null.</summary>
    public bool Stated(string field) => _root.TryGetProperty(field, out _);

    /// <summary>The value as JSON writes it; null where the field is not there or null.</summary>
    public string? Raw(string field) => Has(field) ? _root.GetProperty(field).GetRawText() : null;

    /// <summary>A size.</summary>
    /// <param name="field">The field, which must be there.</param>
    /// <param name="most">The largest that makes sense: what is built before the weights are looked at stays small.</param>
    public int Size(string field, int most) => OptionalSize(field, most) ?? throw new InvalidDataException($"{Path}: {field} is missing.");

    /// <summary>The same of a field that need not be there.</summary>
    public int? OptionalSize(string field, int most) => OptionalInt(field) switch
    {
        null => null,
        < 1 and var value => throw new InvalidDataException($"{Path}: {field} is {value}; a positive number is needed."),
        var value when value > most => throw new InvalidDataException($"{Path}: {field} is {value}, which is outside [1, {most}]."),
        var value => value,
    };

    public int? OptionalInt(string field)
    {
        if (!Has(field)) return null;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Wrong(field, value.ValueKind == JsonValueKind.Number ? $"a whole number up to {int.MaxValue}" : "a whole number");
    }

    public double Number(string field, double fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble())
            ? value.GetDouble() : throw Wrong(field, "a number");
    }

    /// <summary>A number above 0.</summary>
    public double Positive(string field, double fallback) =>
        Number(field, fallback) is > 0 and var value ? value : throw Wrong(field, "a number above 0");

    /// <summary>A number from 0: an epsilon.</summary>
    public double NotNegative(string field, double fallback) =>
        Number(field, fallback) is >= 0 and var value ? value : throw Wrong(field, "0 or a number above it");

    public bool Flag(string field, bool fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "true or false");
    }

    public string Text(string field, string fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, "text");
    }

    /// <summary>A field with few allowed values, compared as text.</summary>
    public string OneOf(string field, string fallback, params IEnumerable<string> allowed)
    {
        var value = Has(field) ? _root.GetProperty(field).ToString() : fallback;
        return allowed.Contains(value)
            ? value
            : throw new InvalidDataException(
                $"{Path}: {field} '{Excerpt.Of(value)}' is not supported. Supported: {string.Join(", ", allowed)}.");
    }

    /// <summary>The first text of a list.</summary>
    public string FirstText(string field, string fallback)
    {
        if (!Has(field)) return fallback;
        var list = _root.GetProperty(field);
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(field, "a list of names");
        return list.EnumerateArray().Select(item => item.ToString()).FirstOrDefault(fallback);
    }

    /// <summary>A list of texts; null where the field is no list.</summary>
    public IReadOnlyList<string>? List(string field) => Has(field) && _root.GetProperty(field) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(field, "a list of names"))]
        : null;

    /// <summary>A list with one text for each layer.</summary>
    public IReadOnlyList<string> Texts(string field, int count)
    {
        var list = _root.GetProperty(field);
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count
            ? [.. list.EnumerateArray().Select(item => item.ToString())]
            : throw Wrong(field, $"a list of {count} names");
    }

    /// <summary>Token ids: one, a list, or none.</summary>
    public IReadOnlyList<int> Ids(string field)
    {
        if (!Has(field)) return [];
        var value = _root.GetProperty(field);
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        return items.All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _))
            ? [.. items.Select(item => item.GetInt32())]
            : throw Wrong(field, "a token id or a list of them");
    }

    /// <summary>An object within; null where it is not there, null or empty.</summary>
    public ConfigFields? Section(string field)
    {
        if (!Has(field)) return null;
        var section = new ConfigFields(_root.GetProperty(field), $"{Path}: {field}");
        return section.Names.Any() ? section : null;
    }

    /// <summary>What is said of a field whose value is not what is needed.</summary>
    public InvalidDataException Wrong(string field, string needed) =>
        new($"{Path}: {field} is {Excerpt.Of(_root.GetProperty(field).GetRawText())}; {needed} is needed.");
}
