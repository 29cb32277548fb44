namespace Rer.Engine.Rewards;

/// <summary>The designs of the paper (Kim &amp; Seo 2024, table 1), which evaluation scores beside the run's own.</summary>
public static class RewardPresets
{
    /// <summary>The presets, from the plainest to the paper's own proposal.</summary>
    public static IReadOnlyList<RewardPreset> All { get; } =
    [
        new("LI", new(["LI"], null), "Length alone."),
        new("LI*RP", new(["LI", "RP"], null), "Length without repetition."),
        new("QR", new(["QR"], null), "Relevance to the query alone."),
        new("LI*QR", new(["LI", "QR"], null), "Length on the query's topic."),
        new("LI*RP*QR", new(["LI", "RP", "QR"], null), "Length on the query's topic, without repetition; one rule for every query."),
        new("RER", new(["LI", "RP", "QR"], ["RP", "RAR"]), "Open-ended queries as before; closed-ended ones by relevance to the reference answer."),
    ];

    /// <summary>The name of the preset that a design is, or null.</summary>
    public static string? NameOf(RewardDesign design) => All.FirstOrDefault(preset => preset.Design == design)?.Name;
}
