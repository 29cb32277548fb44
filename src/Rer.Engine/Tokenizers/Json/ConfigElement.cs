using System.Text.Json;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>A value of a JSON file that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct ConfigElement
{
    private readonly JsonElement _value;
    // Null in the default value, which stands for a file that is not there.
    private readonly string? _place;

    private ConfigElement(JsonElement value, string file, string place)
    {
        _value = value;
        File = file;
        _place = place;
    }

    /// <summary>The file the value comes from.</summary>
    public string File { get; }

    /// <summary>Whether there is no value, or a null.</summary>
    public bool IsNull => _value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Whether the value is an object.</summary>
    public bool IsObject => _value.ValueKind == JsonValueKind.Object;

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => _value.ValueKind == JsonValueKind.Array;

    /// <summary>Whether the value is a string.</summary>
    public bool IsString => _value.ValueKind == JsonValueKind.String;

    /// <summary>Whether the value is a number.</summary>
    public bool IsNumber => _value.ValueKind == JsonValueKind.Number;

    /// <summary>The file's value; <paramref name="document"/> must outlive it.</summary>
    public static ConfigElement Root(JsonDocument document, string file) => new(document.RootElement, file, "");

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static JsonDocument Read(string file)
    {
        var bytes = System.IO.File.ReadAllBytes(file);
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: {FileKind.Describe(bytes)}, not JSON ({e.Message}).", e);
        }
    }

    /// <summary>A property of an object; where there is none, a value that <see cref="IsNull"/>.</summary>
    public ConfigElement this[string name]
    {
        get
        {
            var place = string.IsNullOrEmpty(_place) ? name : $"{_place}.{name}";
            return IsObject && _value.TryGetProperty(name, out var value)
                ? new ConfigElement(value, File, place)
                : new ConfigElement(default, File, place);
        }
    }

    /// <summary>Whether an object has a property, if only a null.</summary>
    public bool Has(string name) => IsObject && _value.TryGetProperty(name, out _);

    /// <summary>The items of an array.</summary>
    public IEnumerable<ConfigElement> Items()
    {
        if (!IsArray) throw Wrong("an array");
        var (file, place) = (File, _place);
        return _value.EnumerateArray().Select((item, i) => new ConfigElement(item, file, $"{place}[{i}]"));
    }

    /// <summary>The properties of an object.</summary>
    public IEnumerable<(string Name, ConfigElement Value)> Properties()
    {
        if (!IsObject) throw Wrong("an object");
        var (file, place) = (File, _place);
        return _value.EnumerateObject().Select(p => (p.Name, new ConfigElement(p.Value, file, $"{place}.{p.Name}")));
    }

    /// <summary>The text of a string.</summary>
    public string Text() => IsString ? _value.GetString()! : throw Wrong("a string");

    /// <summary>The text of a string, or <paramref name="otherwise"/> where there is no value.</summary>
    public string? TextOr(string? otherwise) => IsNull ? otherwise : Text();

    /// <summary>A whole number that can be an id.</summary>
    public int Number() => IsNumber && _value.TryGetInt32(out var number) && number >= 0 ? number : throw Wrong("a whole number >= 0");

    /// <summary>A whole number, or <paramref name="otherwise"/> where there is no value.</summary>
    public int NumberOr(int otherwise) => IsNull ? otherwise : Number();

    /// <summary>A number.</summary>
    public double Real() => IsNumber ? _value.GetDouble() : throw Wrong("a number");

    /// <summary>A truth value, or <paramref name="otherwise"/> where there is none.</summary>
    public bool FlagOr(bool otherwise) => _value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Undefined or JsonValueKind.Null => otherwise,
        _ => throw Wrong("true or false"),
    };

    /// <summary>What is wrong with the value, for throwing.</summary>
    public InvalidDataException Wrong(string expected)
    {
        var found = IsNull ? "nothing" : _value.GetRawText();
        return Broken($"{(found.Length > 60 ? found[..60] + "..." : found)}, where there must be {expected}");
    }

    /// <summary>A complaint about the value, for throwing.</summary>
    public InvalidDataException Broken(string complaint, Exception? cause = null) =>
        new($"{File}{(string.IsNullOrEmpty(_place) ? "" : ", ")}{_place}: {complaint.TrimEnd('.')}.", cause);
}
