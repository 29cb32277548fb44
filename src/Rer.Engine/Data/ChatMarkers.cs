using System.Text.RegularExpressions;
using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Data;

/// <summary>What a chat template puts around the turns, found by rendering a dialogue whose turns are known.</summary>
/// <param name="EndOfTurn">What closes the assistant's turn: `&lt;|im_end|&gt;`; empty where it is no special token.</param>
/// <param name="User">What opens the user's turn: `&lt;|im_start|&gt;user`; empty where nothing does.</param>
/// <param name="Assistant">What opens the assistant's turn; empty where nothing does.</param>
internal sealed partial record ChatMarkers(string EndOfTurn, string User, string Assistant)
{
    // Letters alone: templates strip and fold other characters.
    private const string First = "QUESTIONONE", Answer = "ANSWERONE", Second = "QUESTIONTWO";

    /// <summary>The markers of a template.</summary>
    /// <exception cref="TemplateException">The template refuses even a single question.</exception>
    public static ChatMarkers Of(ChatTemplate template)
    {
        var question = new ChatMessage("user", First);
        var before = Between(template.Render([question], addGenerationPrompt: true), First, null);
        string after;
        try
        {
            after = Between(template.Render([question, new("assistant", Answer), new("user", Second)], addGenerationPrompt: true), Answer,
                Second);
        }
        catch (TemplateException)
        {
            // A template for one turn alone marks no second one.
            after = "";
        }
        var end = SpecialToken().Match(after.TrimStart()) is { Success: true, Index: 0 } token ? token.Value : "";
        return new ChatMarkers(end, Behind(after, end), Behind(before, end));
    }

    private static string Between(string text, string begin, string? end)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        if (from < 0) return "";
        var to = end is null ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? text[(from + begin.Length)..] : text[(from + begin.Length)..to];
    }

    /// <summary>The first line behind the end of the turn before.</summary>
    private static string Behind(string text, string end)
    {
        text = text.Trim();
        if (end.Length > 0 && text.StartsWith(end, StringComparison.Ordinal)) text = text[end.Length..].TrimStart();
        return text.Split('\n')[0].Trim();
    }

    /// <summary>As published templates write special tokens: `&lt;|eot_id|&gt;`, `&lt;/s&gt;`, `[INST]`.</summary>
    [GeneratedRegex(@"<[^<>\s]{1,60}>|\[/?[A-Z_]{1,40}\]")]
    private static partial Regex SpecialToken();
}
