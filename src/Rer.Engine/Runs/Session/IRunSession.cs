using Rer.Engine.Runs.Events;

namespace Rer.Engine.Runs.Session;

/// <summary>
/// A run in progress: models loaded, ready to train. The run coordinator drives it on its own thread; a test may drive
/// it by hand. Everything it does reaches the outside as <see cref="RunEvent"/>s.
/// </summary>
public interface IRunSession : IDisposable
{
    /// <summary>PPO steps completed.</summary>
    int Step { get; }

    /// <summary>
    /// Trains until the plan's last step, or until <paramref name="stop"/> is signalled: then it finishes the step, saves a
    /// checkpoint and returns. Evaluates at step 0 (a fresh run) and every `eval_every` steps and at the end.
    /// </summary>
    /// <returns>True when all steps are done, false when it was stopped.</returns>
    bool Run(CancellationToken stop);
}
