namespace Rer.Engine.Training;

/// <summary>
/// The KL coefficient beta, adapted so that the policy's KL from the reference tends to a target (Ziegler et al. 2019, section 2.2),
/// or held fixed.
/// </summary>
/// <param name="options">Initial coefficient, target and horizon.</param>
internal sealed class KlController(PpoOptions options)
{
    private const double MaxRelativeError = 0.2;

    /// <summary>Beta, the weight of the KL penalty in the token reward.</summary>
    public double Coefficient { get; private set; } = options.KlCoefficient;

    /// <summary>Moves beta after a step: `beta *= 1 + clip(KL / target - 1, -.2, .2) * samples / horizon`.</summary>
    /// <param name="sequenceKl">Mean over the batch of log-prob differences summed over tokens, nats.</param>
    /// <param name="samples">Sequences in the batch.</param>
    public void Update(double sequenceKl, int samples)
    {
        if (!options.AdaptiveKl) return;
        var error = Math.Clamp(sequenceKl / options.KlTarget - 1, -MaxRelativeError, MaxRelativeError);
        Coefficient *= 1 + error * samples / options.KlHorizon;
    }

    internal void Restore(double coefficient) => Coefficient = coefficient;
}
