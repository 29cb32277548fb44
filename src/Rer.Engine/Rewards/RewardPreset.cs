namespace Rer.Engine.Rewards;

/// <summary>A design of the paper, by the name it has there.</summary>
/// <param name="Name">`LI`, `LI*RP`, ..., `RER`.</param>
/// <param name="Design">The design.</param>
public sealed record RewardPreset(string Name, RewardDesign Design);
