namespace Rer.Engine.Rewards;

/// <summary>One interpretable quantity of a response: a formula with a name.</summary>
public interface IRewardFeature
{
    /// <summary>How design texts write it: `LI`.</summary>
    string Symbol { get; }

    /// <summary>What people call it: `length incentive`.</summary>
    string Name { get; }

    /// <summary>The formula in words, for explanations: `words / 100`.</summary>
    string Formula { get; }

    /// <summary>What an item must have for the feature to be known, for error messages; empty where every item has it.</summary>
    string Needs => "";

    /// <summary>Whether the feature is known for the item.</summary>
    bool AppliesTo(ScoredItem item) => true;

    /// <summary>The feature's raw value, finite.</summary>
    double Evaluate(ScoredItem item);

    /// <summary>What the raw value contributes to a design's product: the value itself, unless the feature says otherwise.</summary>
    double Factor(double value, RewardScale scale) => value;
}
