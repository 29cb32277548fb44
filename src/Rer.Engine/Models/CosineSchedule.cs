namespace Rer.Engine.Models;

/// <summary>A learning rate over a training: linear warm-up, then half a cosine down to a share of the peak.</summary>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Warmup">Steps of the warm-up.</param>
/// <param name="Floor">Share of the peak that the last step has.</param>
internal sealed record CosineSchedule(double Peak, int Steps, int Warmup, double Floor = 0.05)
{
    /// <summary>The learning rate of a step, from 0.</summary>
    public double At(int step)
    {
        if (step < Warmup) return Peak * (step + 1) / Warmup;
        var progress = Math.Clamp((double)(step - Warmup) / Math.Max(1, Steps - 1 - Warmup), 0, 1);
        return Peak * (Floor + ((1 - Floor) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }
}
