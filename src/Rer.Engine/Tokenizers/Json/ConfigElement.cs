using System.Text.Json;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>A value of a JSON file that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct ConfigElement
{
    /// <summary>Normalizers, pre-tokenizers or decoders that may follow one another; published files have at most ten.</summary>
    public const int MostSteps = 100;

    /// <summary>One more than the highest id; the largest published vocabularies have a million tokens.</summary>
    public const int IdLimit = 1 << 24;

    // A name of the file in a message; the file decides how long it is.
    private const int LongestName = 60;

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

    /// <summary>The file, and where in it the value stands: what messages begin with.</summary>
    public string Place => string.IsNullOrEmpty(_place) ? File : $"{File}, {_place}";

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
    /// <exception cref="InvalidDataException">It is not JSON, or too large.</exception>
    public static JsonDocument Read(string file)
    {
        var bytes = TokenizerFile.ReadAllBytes(file);
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file}: {FileKind.Describe(bytes)}, not JSON ({Excerpt.Of(e.Message, 200)}).", e);
        }
    }

    /// <summary>A property of an object; where there is none, a value that <see cref="IsNull"/>.</summary>
    public ConfigElement this[string name]
    {
        get
        {
            var place = string.IsNullOrEmpty(_place) ? name : $"{_place}.{name}";
            return TryGet(name, out var value) ? new ConfigElement(value, File, place) : new ConfigElement(default, File, place);
        }
    }

    /// <summary>Whether an object has a property, if only a null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The items of an array.</summary>
    public IEnumerable<ConfigElement> Items()
    {
        if (!IsArray) throw Wrong("an array");
        var (file, place) = (File, _place);
        return _value.EnumerateArray().Select((item, i) => new ConfigElement(item, file, $"{place}[{i}]"));
    }

    /// <summary>The items of an array of steps, of which there may be <see cref="MostSteps"/>.</summary>
    public IEnumerable<ConfigElement> Steps()
    {
        if (IsArray && _value.GetArrayLength() is var count && count > MostSteps)
            throw Broken($"{count:N0} steps, and at most {MostSteps} may follow one another");
        return Items();
    }

    /// <summary>The properties of an object.</summary>
    public IEnumerable<(string Name, ConfigElement Value)> Properties()
    {
        if (!IsObject) throw Wrong("an object");
        var whole = this;
        return _value.EnumerateObject().Select(property =>
        {
            var name = whole.NameOf(property);
            return (name, new ConfigElement(property.Value, whole.File, $"{whole._place}.{Excerpt.Of(name)}"));
        });
    }

    /// <summary>The text of a string.</summary>
    public string Text()
    {
        if (!IsString) throw Wrong("a string");
        try
        {
            return _value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Broken(HalfCharacter, e);
        }
    }

    /// <summary>The text of a string, or <paramref name="otherwise"/> where there is no value.</summary>
    public string? TextOr(string? otherwise) => IsNull ? otherwise : Text();

    /// <summary>The text of a string of some length, or <paramref name="otherwise"/> where there is no value.</summary>
    public string TextOr(string otherwise, int atLeast) =>
        IsNull ? otherwise : Text() is var text && text.Length >= atLeast ? text : throw Wrong("a text that is not empty");

    /// <summary>The text of a string that is written before, after or between the characters of words.</summary>
    public string? MarkOr(string? otherwise) => IsNull ? otherwise
        : Text() is { Length: <= LongestName } text ? text : throw Broken($"a mark may have {LongestName} characters");

    /// <summary>The text of a string of one character.</summary>
    public string Character()
    {
        var text = Text();
        if (text.Length == 0) throw Wrong("one character");
        CodePoint.At(text, 0, out var length);
        return length == text.Length ? text : throw Wrong("one character");
    }

    /// <summary>One character, or <paramref name="otherwise"/> where there is no value.</summary>
    public string CharacterOr(string otherwise) => IsNull ? otherwise : Character();

    /// <summary>The id of a token.</summary>
    public int Id()
    {
        if (IsNumber && _value.TryGetInt32(out var id) && id is >= 0 and < IdLimit) return id;
        throw Wrong($"a whole number >= 0 and below {IdLimit:N0}");
    }

    /// <summary>A whole number that is not negative.</summary>
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

    private const string HalfCharacter = "a text with half of a surrogate pair, which is no character";

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        if (!IsObject) return false;
        try
        {
            return _value.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException e)
        {
            throw Broken(HalfCharacter, e);
        }
    }

    private string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw Broken(HalfCharacter, e);
        }
    }

    /// <summary>What is wrong with the value, for throwing.</summary>
    public InvalidDataException Wrong(string expected)
    {
        var found = IsNull ? "nothing" : _value.GetRawText();
        return Broken($"{Excerpt.Of(found)}, where there must be {expected}");
    }

    /// <summary>A complaint about the value, for throwing.</summary>
    public InvalidDataException Broken(string complaint, Exception? cause = null) =>
        new($"{Place}: {complaint.TrimEnd('.')}.", cause);
}
