namespace Rer.Engine.Data.Preferences;

/// <summary>
/// Which fields of a file hold what a preference set needs, where they have names of their own; null keeps the usual names.
/// </summary>
public sealed record PreferenceColumns
{
    /// <summary>Field of the prompt; usually `prompt`.</summary>
    public string? Prompt { get; init; }

    /// <summary>Field of the better response; usually `chosen`.</summary>
    public string? Chosen { get; init; }

    /// <summary>Field of the worse response; usually `rejected`.</summary>
    public string? Rejected { get; init; }

    /// <summary>Field of the sub-set's name; usually `subset`.</summary>
    public string? Subset { get; init; }

    /// <summary>The fields named here.</summary>
    internal IEnumerable<string?> Named => [Prompt, Chosen, Rejected, Subset];

    /// <summary>Reads `prompt=question,chosen=best`.</summary>
    /// <exception cref="FormatException">A part has another form; the message lists what can be mapped.</exception>
    public static PreferenceColumns Parse(string text)
    {
        var fields = ColumnMapping.Parse(text, "prompt", "chosen", "rejected", "subset");
        return new PreferenceColumns
        {
            Prompt = fields.GetValueOrDefault("prompt"),
            Chosen = fields.GetValueOrDefault("chosen"),
            Rejected = fields.GetValueOrDefault("rejected"),
            Subset = fields.GetValueOrDefault("subset"),
        };
    }
}
