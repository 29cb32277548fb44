namespace Rer.Engine.Training;

/// <summary>
/// Something that must always hold in PPO did not. The step was not applied; the last checkpoint stands. The message names the cause.
/// </summary>
public sealed class TrainingInvariantException : Exception
{
    /// <summary>With a message that says what was expected, what was found, and what usually causes it.</summary>
    public TrainingInvariantException(string message)
        : base(message)
    {
    }
}
