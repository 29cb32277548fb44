namespace Rer.Engine.Gold;

/// <summary>What a gold reward model would give if the text ended here.</summary>
/// <param name="Token">The token that ends the prefix, as text.</param>
/// <param name="Reward">The reward read at it.</param>
public readonly record struct PrefixReward(string Token, double Reward);
