namespace Rer.Engine.Gold;

/// <summary>A gold model's judgement of one query and response.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Cut">
/// Whether the model read only a part, because query and response in their template are longer than its context. Null where that is not
/// known: a server does not say what it cuts.
/// </param>
public readonly record struct GoldScore(double Reward, bool? Cut);
