using Rer.Engine.Training.Estimators;

namespace Rer.Engine.Training;

/// <summary>The parts of a step's second half, for its report and for whoever wants to look at them.</summary>
internal sealed record LearnedStep(
    Advantages Advantages, double[] NormalisedScores, IReadOnlyList<MinibatchReport> Minibatches,
    double KlCoefficient, double KlCoefficientAfter, double LearningRate);
