using System.Text;
using System.Text.Json;

namespace Rer.Engine.Data;

/// <summary>
/// Reads pairs of whole dialogues that differ in the last answer: HH-RLHF's texts of human and assistant turns, or lists of messages
/// with `role` and `content`.
/// </summary>
internal static class DialoguePair
{
    private const string HumanTurn = "\n\nHuman:";
    private const string AssistantTurn = "\n\nAssistant:";

    /// <summary>The pair of last answers, or null where the texts are no two endings of one dialogue.</summary>
    public static (string Prompt, string Chosen, string Rejected)? Read(string chosen, string rejected)
    {
        var chosenEnd = chosen.LastIndexOf(AssistantTurn, StringComparison.Ordinal);
        var rejectedEnd = rejected.LastIndexOf(AssistantTurn, StringComparison.Ordinal);
        if (chosenEnd < 0 || rejectedEnd < 0) return null;
        var dialogue = chosen[..chosenEnd];
        if (dialogue != rejected[..rejectedEnd]) return null;
        return (Query(dialogue), LastAnswer(chosen), LastAnswer(rejected));
    }

    /// <summary>The text after the last assistant turn begins; all of it where there is none.</summary>
    public static string LastAnswer(string dialogue)
    {
        var end = dialogue.LastIndexOf(AssistantTurn, StringComparison.Ordinal);
        return end < 0 ? dialogue : dialogue[(end + AssistantTurn.Length)..].Trim();
    }

    /// <summary>
    /// A field's text; of a list of messages the turns, as HH-RLHF writes them. Null where it is absent; a <see cref="FormatException"/>
    /// where it is neither.
    /// </summary>
    public static string? Text(DataRow row, string field)
    {
        if (!IsMessages(row, field)) return row.Text(field);
        var dialogue = new StringBuilder();
        foreach (var message in row.Fields.GetProperty(field).EnumerateArray())
        {
            var turn = Part(message, "role", field) switch
            {
                "user" or "human" => HumanTurn,
                "assistant" or "gpt" => AssistantTurn,
                "system" => "\n\nSystem:",
                var role => throw new FormatException($"`{field}` has a message of role '{role}'. It must be user, assistant or system."),
            };
            dialogue.Append(turn).Append(' ').Append(Part(message, "content", field));
        }

        return dialogue.ToString();
    }

    /// <summary>Whether a field holds a list, which can only be one of messages.</summary>
    public static bool IsMessages(DataRow row, string field) =>
        row.Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Array;

    /// <summary>What a dialogue asks: a single question stands alone; a longer dialogue keeps its turns, for the answer depends on them.</summary>
    public static string Query(string dialogue)
    {
        var first = dialogue.StartsWith(HumanTurn, StringComparison.Ordinal) ? dialogue[HumanTurn.Length..] : dialogue;
        var single = !first.Contains(HumanTurn, StringComparison.Ordinal) && !first.Contains(AssistantTurn, StringComparison.Ordinal);
        return (single ? first : dialogue).Trim();
    }

    private static string Part(JsonElement message, string part, string field) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(part, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"`{field}` has a message without `{part}`. A message needs `role` and `content`.");
}
