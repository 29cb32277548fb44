using System.Text.Json;
using Rer.Engine.Input;

namespace Rer.Engine.Data.Preferences;

/// <summary>
/// Reads fields that hold whole dialogues: HH-RLHF's texts of human and assistant turns, or lists of messages with `role` and `content`.
/// </summary>
internal static class DialoguePair
{
    private const string HumanTurn = "\n\nHuman:";
    private const string AssistantTurn = "\n\nAssistant:";

    /// <summary>The pair of last answers of two dialogues, or null where they are no two endings of one.</summary>
    /// <exception cref="FormatException">A list of messages does not end with an answer, or a message is none.</exception>
    public static (string Prompt, string Chosen, string Rejected)? Read(DataRow row, string chosenField, string rejectedField)
    {
        var (better, worse) = (Split(row, chosenField), Split(row, rejectedField));
        return better is var (dialogue, chosen) && worse is var (other, rejected) && dialogue == other
            ? (Query(dialogue), chosen, rejected) : null;
    }

    /// <summary>A field's answer: the last one of a list of messages, or the text. Null where it is absent.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static string? Answer(DataRow row, string field) => IsMessages(row, field) ? Split(row, field)!.Value.Answer : row.Text(field);

    /// <summary>What a field asks: a text as it is; a list of messages as its turns, as HH-RLHF writes them. Null where it is
    /// absent.</summary>
    /// <exception cref="FormatException">It is neither; the message says what is wrong.</exception>
    public static string? Question(DataRow row, string field) =>
        IsMessages(row, field) ? Query(Turns(Messages(row, field))) : row.Text(field);

    private static bool IsMessages(DataRow row, string field) =>
        row.Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array;

    /// <summary>A dialogue without its last answer, and that answer; null where a text has no assistant's turn.</summary>
    private static (string Dialogue, string Answer)? Split(DataRow row, string field)
    {
        if (IsMessages(row, field))
        {
            var messages = Messages(row, field);
            return messages[^1].Role == "assistant"
                ? (Turns(messages[..^1]), messages[^1].Content.Trim())
                : throw new FormatException(
                    $"`{field}` ends with a turn of the {messages[^1].Role}'s. The last message must be the assistant's: it is the "
                    + $"answer.");
        }

        var text = row.Text(field)!;
        var end = text.LastIndexOf(AssistantTurn, StringComparison.Ordinal);
        return end < 0 ? null : (text[..end], text[(end + AssistantTurn.Length)..].Trim());
    }

    private static ChatMessage[] Messages(DataRow row, string field)
    {
        ChatMessage[] messages = [.. row.Fields.GetProperty(field).EnumerateArray().Select(message => Message(message, field))];
        return messages.Length > 0
            ? messages : throw new FormatException($"`{field}` is a list without a message. A dialogue has at least one turn.");
    }

    private static ChatMessage Message(JsonElement message, string field)
    {
        var role = Part(message, "role", field) is { ValueKind: JsonValueKind.String } given
            ? given.GetString()! : throw Wrong(field, "whose `role` is no text");
        return new ChatMessage(Speaker(role, field), Content(Part(message, "content", field), field));
    }

    private static string Speaker(string role, string field) => role switch
    {
        "user" or "human" => "user",
        "assistant" or "gpt" => "assistant",
        "system" => "system",
        _ => throw new FormatException($"`{field}` has a message of role '{Excerpt.Of(role)}'. It must be user, assistant or system."),
    };

    /// <summary>A text, or a list of parts that are texts.</summary>
    private static string Content(JsonElement content, string field) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => PartText(part, field))),
        _ => throw Wrong(field, $"whose `content` is {DataRow.Describe(content.ValueKind)}"),
    };

    private static string PartText(JsonElement part, string field)
    {
        if (part.ValueKind == JsonValueKind.String) return part.GetString()!;
        if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String
            && (!part.TryGetProperty("type", out var type) || type.ValueEquals("text"))) return text.GetString()!;
        throw Wrong(field, "with a part that is no text, as {\"type\": \"text\", \"text\": \"...\"} is");
    }

    private static JsonElement Part(JsonElement message, string part, string field) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(part, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw Wrong(field, $"without `{part}`");

    private static FormatException Wrong(string field, string what) =>
        new($"`{field}` has a message {what}. A message needs `role` and `content`.");

    private static string Turns(IEnumerable<ChatMessage> messages) => string.Concat(messages.Select(message => message.Role switch
    {
        "user" => $"{HumanTurn} {message.Content}",
        "assistant" => $"{AssistantTurn} {message.Content}",
        _ => $"\n\nSystem: {message.Content}",
    }));

    /// <summary>
    /// What a dialogue asks: a single question stands alone; a longer dialogue keeps its turns, for the answer depends on them.
    /// </summary>
    private static string Query(string dialogue)
    {
        var first = dialogue.StartsWith(HumanTurn, StringComparison.Ordinal) ? dialogue[HumanTurn.Length..] : dialogue;
        var single = !first.Contains(HumanTurn, StringComparison.Ordinal) && !first.Contains(AssistantTurn, StringComparison.Ordinal);
        return (single ? first : dialogue).Trim();
    }
}
