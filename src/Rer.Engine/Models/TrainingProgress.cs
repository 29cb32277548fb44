namespace Rer.Engine.Models;

/// <summary>Where a training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">Mean loss since the last report.</param>
/// <param name="Elapsed">Time taken.</param>
public sealed record TrainingProgress(int Step, int Steps, double Loss, TimeSpan Elapsed)
{
    /// <summary>Time left at the pace so far.</summary>
    public TimeSpan Remaining => Step == 0 ? TimeSpan.Zero : Elapsed * ((double)(Steps - Step) / Step);
}
