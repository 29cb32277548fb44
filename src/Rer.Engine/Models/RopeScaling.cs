namespace Rer.Engine.Models;

/// <summary>How rotary frequencies are stretched beyond the context a model was first trained on.</summary>
/// <param name="Kind">`linear` (Chen et al. 2023) or `llama3` (Llama 3.1).</param>
/// <param name="Factor">By how much the context grows.</param>
/// <param name="LowFrequencyFactor">`llama3`: wavelengths longer than original / this are stretched whole.</param>
/// <param name="HighFrequencyFactor">`llama3`: wavelengths shorter than original / this are left alone.</param>
/// <param name="OriginalMaxPositions">`llama3`: the context first trained on, in tokens.</param>
public sealed record RopeScaling(
    string Kind, double Factor, double LowFrequencyFactor = 1, double HighFrequencyFactor = 4, int OriginalMaxPositions = 8192);
