namespace Rer.Engine.Models.Architectures;

/// <summary>How rotary frequencies are stretched beyond the context a model was first trained on.</summary>
/// <param name="Kind">
/// `linear` (Chen et al. 2023), `dynamic` (NTK-aware, growing with the sequence), `yarn` (Peng et al. 2023) or `llama3` (Llama 3.1).
/// </param>
/// <param name="Factor">By how much the context grows.</param>
/// <param name="LowFrequencyFactor">`llama3`: wavelengths longer than original / this are stretched whole.</param>
/// <param name="HighFrequencyFactor">`llama3`: wavelengths shorter than original / this are left alone.</param>
/// <param name="OriginalMaxPositions">The context first trained on, in tokens; `linear` does without.</param>
public sealed record RopeScaling(
    string Kind, double Factor, double LowFrequencyFactor = 1, double HighFrequencyFactor = 4, int OriginalMaxPositions = 8192)
{
    /// <summary>
    /// `yarn`: pairs that turn more often than this within the original context are left alone. Default 32 (the paper's).
    /// </summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>
    /// `yarn`: pairs that turn less often than this within the original context are stretched whole. Default 1 (the paper's).
    /// </summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>`yarn`: the pairs between which the two blend are rounded to whole ones. Default true.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Cosines and sines are multiplied by this: `yarn`'s temperature of the attention. Default 1.</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>`yarn`'s temperature for a stretch: `0.1 · scale · ln(factor) + 1` (Peng et al. 2023, equation 22).</summary>
    public static double YarnAttention(double factor, double scale = 1) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;

    /// <summary>The context in tokens that a `max_position_embeddings` of <paramref name="stated"/> is stretched to.</summary>
    internal int ContextOf(int stated) => Kind switch
    {
        // Published configurations keep the context first trained on here, and expect it to grow.
        "linear" or "dynamic" => Math.Max(1, (int)(stated * Factor)),
        "yarn" => Math.Max(stated, (int)(OriginalMaxPositions * Factor)),
        _ => stated,
    };
}
