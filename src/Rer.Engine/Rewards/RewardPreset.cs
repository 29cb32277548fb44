namespace Rer.Engine.Rewards;

/// <summary>A design of the paper, by the name it has there.</summary>
/// <param name="Name">`LI`, `LI*RP`, ..., `RER`.</param>
/// <param name="Design">The design.</param>
/// <param name="Description">What it is, in a sentence.</param>
public sealed record RewardPreset(string Name, RewardDesign Design, string Description);
