using System.Text.Json;

namespace Rer.Engine.Input;

/// <summary>JSON that others wrote, before anything is read from it: whether all of its texts can be texts.</summary>
internal static class JsonText
{
    private const int LongestMessage = 200;

    /// <summary>The JSON of a file's content; later reads of its texts cannot fail.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="content">The content: UTF-8, or what its byte order mark declares.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It is not of its encoding, or has half of a surrogate pair in a text; the message names line
    /// and byte.</exception>
    public static JsonElement Parse(string path, ReadOnlyMemory<byte> content)
    {
        var utf8 = TextEncoding.ToUtf8(content, out var problem);
        if (problem is not null) throw new InvalidDataException($"{path}{problem}");
        using var document = JsonDocument.Parse(utf8);
        if (Flaw(utf8.Span) is not var (at, what)) return document.RootElement.Clone();
        var line = utf8.Span[..at].Count((byte)'\n') + 1;
        throw new InvalidDataException($"{path}, line {line}, byte {at - utf8.Span[..at].LastIndexOf((byte)'\n')}: {what}");
    }

    /// <summary>The first place that cannot be part of a text: its index, and what is wrong there; null where there is none.</summary>
    /// <param name="json">Valid JSON, but for its texts.</param>
    public static (int At, string What)? Flaw(ReadOnlySpan<byte> json)
    {
        if (TextEncoding.InvalidAt(json) is { } at) return (at, TextEncoding.NotUtf8(json[at]));
        if (json.IndexOf("\\u"u8) < 0) return null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return ((int)reader.TokenStartIndex,
                    "a text with half of a surrogate pair (\\ud800 to \\udfff alone), which is no character. Write the pair, or the "
                        + "character itself.");
            }
        }

        return null;
    }

    /// <summary>What the framework says of a text that is no JSON, without its path and positions within the line.</summary>
    public static string Reason(JsonException error) =>
        Message(error) + (error.LineNumber is { } line ? $" (line {line + 1}, byte {error.BytePositionInLine + 1})" : "");

    /// <summary>The same without the place, for where that stands in front. What is quoted in it is the rest of the text: its beginning
    /// will do.</summary>
    public static string Message(JsonException error)
    {
        var message = error.Message;
        foreach (var position in (string[])[" Path: $", " LineNumber: "])
            if (message.LastIndexOf(position, StringComparison.Ordinal) is >= 0 and var at) message = message[..at];
        return message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}...";
    }
}
