namespace Rer.Engine.Data;

/// <summary>
/// Reads pairs of whole dialogues (`chosen` and `rejected` of HH-RLHF): turns of a human and an assistant that differ in the last one.
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
        var (chosenStart, rejectedStart) = (chosenEnd + AssistantTurn.Length, rejectedEnd + AssistantTurn.Length);
        return (Query(dialogue), chosen[chosenStart..].Trim(), rejected[rejectedStart..].Trim());
    }

    // A single question stands alone; a longer dialogue keeps its turns, for the answer depends on them.
    private static string Query(string dialogue)
    {
        var first = dialogue.StartsWith(HumanTurn, StringComparison.Ordinal) ? dialogue[HumanTurn.Length..] : dialogue;
        var single = !first.Contains(HumanTurn, StringComparison.Ordinal) && !first.Contains(AssistantTurn, StringComparison.Ordinal);
        return (single ? first : dialogue).Trim();
    }
}
