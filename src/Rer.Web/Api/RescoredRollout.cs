using Rer.Engine.Evaluation;
using Rer.Web.Rollouts;

namespace Rer.Web.Api;

/// <summary>A run's response under another design.</summary>
/// <param name="Step">PPO steps completed when it was sampled.</param>
/// <param name="Item">Index of the query.</param>
/// <param name="Sample">Which of the query's responses, from 0.</param>
/// <param name="Proxy">Its reward by the run's own design.</param>
/// <param name="Gold">Its gold reward.</param>
/// <param name="Factors">Factors of the other design's product; empty where it has none.</param>
/// <param name="Total">The other design's reward; null where it needs what was not measured.</param>
/// <param name="Problem">Why there is none; null where there is one.</param>
public sealed record RescoredRollout(
    int Step, int Item, int Sample, double Proxy, double Gold, IReadOnlyDictionary<string, double> Factors, double? Total, string? Problem)
{
    internal static RescoredRollout Of(EvaluationSample rollout, Rescoring under)
    {
        var (breakdown, problem) = under.Score(rollout);
        return new(rollout.Step, rollout.Item, rollout.Sample, rollout.Proxy, rollout.Gold,
            breakdown?.Factors ?? new Dictionary<string, double>(), breakdown?.Total, problem);
    }
}
