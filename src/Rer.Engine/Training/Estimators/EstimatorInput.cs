namespace Rer.Engine.Training.Estimators;

/// <summary>A batch, and what is known of it before the update.</summary>
/// <param name="Rollouts">Prompts and responses; the responses of a prompt lie one after another.</param>
/// <param name="Trace">Log-probs, reference log-probs and, where the estimator asks for them, values.</param>
/// <param name="Scores">Normalised score of each sequence.</param>
/// <param name="KlCoefficient">Beta, the weight of the KL penalty.</param>
/// <param name="Options">The options of the run.</param>
public sealed record EstimatorInput(
    RolloutBatch Rollouts, PolicyTrace Trace, IReadOnlyList<double> Scores, double KlCoefficient, PpoOptions Options)
{
    /// <summary>How many responses each prompt has.</summary>
    public int ResponsesPerPrompt => Options.SampledPerPrompt;
}
