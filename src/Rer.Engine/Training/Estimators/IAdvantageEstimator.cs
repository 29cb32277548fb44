namespace Rer.Engine.Training.Estimators;

/// <summary>
/// Says how much better than expected each token of a batch was. That is where policy-gradient methods differ; rolling out, scoring and
/// the clipped update are the same for all. A new one is a class and a line in <see cref="AdvantageEstimator.All"/>.
/// </summary>
public interface IAdvantageEstimator
{
    /// <summary>Its name in plans and on the command line: `gae`.</summary>
    string Key { get; }

    /// <summary>Its name in a sentence.</summary>
    string Title { get; }

    /// <summary>Whether it needs a value function: the policy then carries a value head, and the objective a value loss.</summary>
    bool UsesValues { get; }

    /// <summary>Responses per prompt, unless a plan says otherwise.</summary>
    int DefaultResponsesPerPrompt { get; }

    /// <summary>The fewest responses per prompt that it can work with.</summary>
    int LeastResponsesPerPrompt { get; }

    /// <summary>The advantage of every token.</summary>
    /// <param name="batch">The batch and what is known of it before the update.</param>
    Advantages Estimate(EstimatorInput batch);
}
