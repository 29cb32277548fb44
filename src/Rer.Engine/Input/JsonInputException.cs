using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rer.Engine.Input;

/// <summary>JSON that is not what was asked for; <see cref="Errors"/> has every field that is wrong.</summary>
public sealed class JsonInputException : JsonException
{
    /// <summary>An error without details.</summary>
    public JsonInputException() : this([]) { }

    /// <summary>An error with a message.</summary>
    public JsonInputException(string message) : base(message) { }

    /// <summary>An error with a message and its cause.</summary>
    public JsonInputException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>All that is wrong.</summary>
    public JsonInputException(IReadOnlyList<JsonFieldError> errors)
        : base(string.Join(' ', errors ?? [])) => Errors = errors ?? [];

    /// <summary>Everything that is wrong, one entry a field.</summary>
    public IReadOnlyList<JsonFieldError> Errors { get; } = [];
}

/// <summary>What is wrong with one field of a JSON text.</summary>
/// <param name="Path">The field: `ppo.steps`, `plans[2].seed`; empty where it is the whole text.</param>
/// <param name="Message">What is wrong and what would be right; a sentence.</param>
public sealed partial record JsonFieldError(string Path, string Message)
{
    /// <summary>`ppo.stepz: is not known. The nearest known name is 'steps'.`</summary>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";

    /// <summary>What the serializer found wrong. Its own message ends with the path and the line, which stand in front here.</summary>
    public static JsonFieldError Of(JsonException error)
    {
        var path = error.Path is { } found && found.StartsWith('$') ? found[1..].TrimStart('.') : "";
        var message = JsonText.Message(error);
        if (WrongType().Match(message) is { Success: true } wrong) message = $"cannot be read as {NameOf(wrong.Groups["type"].Value)}.";
        // Where the text breaks off or is no JSON, the line says more than the last field that could be read.
        else if (error.LineNumber is { } line && error.BytePositionInLine is { } column && path.Length == 0)
            message = $"line {line + 1}, byte {column + 1}: {message}";
        return new JsonFieldError(path, message);
    }

    private static string NameOf(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" or "System.Single" => "a number",
        "System.Boolean" => "true or false",
        "System.String" => "a text",
        _ when type.Contains("IReadOnlyList", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) => "a list",
        _ when type.Contains("Dictionary", StringComparison.Ordinal) => "an object",
        _ => type.Split('.')[^1],
    };

    [GeneratedRegex(@"The JSON value could not be converted to (System\.Nullable`1\[)?(?<type>[^\s\]]+)\]?\.$")]
    private static partial Regex WrongType();
}
