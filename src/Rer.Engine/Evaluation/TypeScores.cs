namespace Rer.Engine.Evaluation;

/// <summary>One query type's figures at one checkpoint.</summary>
/// <param name="Proxy">The run's own design.</param>
/// <param name="Gold">The gold reward.</param>
/// <param name="SelfBleu">Mean Self-BLEU over the type's queries, [0, 1]; high is consistent.</param>
public sealed record TypeScores(Interval Proxy, Interval Gold, double SelfBleu);
