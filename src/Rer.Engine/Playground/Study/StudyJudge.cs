using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Gold;
using Rer.Engine.Runs.Planning;
using static TorchSharp.torch;

namespace Rer.Engine.Playground.Study;

/// <summary>
/// Sees to it that a study's gold figures are those of the gold model its plans name. PPO never sees gold, so a run whose gold model
/// was built anew since need not be trained again: its stored responses are scored again, and all else stands.
/// </summary>
internal static class StudyJudge
{
    /// <summary>A stored reward and the model's own may differ by this: rounding, for texts are batched otherwise.</summary>
    private const double Rounding = 1e-3;

    /// <summary>The outcome's evaluations, with gold figures by the plan's gold model.</summary>
    /// <param name="plan">The plan; without a gold model the evaluations are given back as they are.</param>
    /// <param name="outcome">The run's evaluations and responses.</param>
    /// <param name="log">Told where responses are scored again.</param>
    public static IReadOnlyList<EvaluationReport> Judge(RunPlan plan, StudyOutcome outcome, Action<string> log)
    {
        if (plan.Gold is null || outcome.Evaluations.Count == 0) return outcome.Evaluations;
        using var gold = GoldRewardModels.Open(plan.Gold, CPU);
        var first = Score(gold, outcome.Rollouts[0]);
        var errors = first.Zip(outcome.Rollouts[0], (score, rollout) => Math.Abs(score.Reward - rollout.Gold));
        if (errors.All(error => error <= Rounding)) return outcome.Evaluations;
        log("the gold model is another than the run's: its responses are scored again");
        return [.. outcome.Evaluations.Zip(outcome.Rollouts,
            (evaluation, rollouts) => Judged(evaluation, rollouts, Score(gold, rollouts), plan.Seed))];
    }

    /// <summary>The same evaluation under other gold judgements, one per response.</summary>
    internal static EvaluationReport Judged(EvaluationReport evaluation, IReadOnlyList<EvaluationSample> rollouts, GoldScore[] scores,
        int seed)
    {
        var byQuery = rollouts.Zip(scores).GroupBy(pair => pair.First.Item).OrderBy(query => query.Key)
            .Select(query => query.Average(pair => pair.Second.Reward)).ToArray();
        return evaluation with
        {
            Gold = Bootstrap.Interval(byQuery, seed: seed),
            GoldByQuery = byQuery,
            Cuts = CutTexts.Of(rollouts.Zip(scores, (rollout, score) => (rollout.QueryType, score.Cut, false)))
                .WithRelevanceOf(evaluation.Cuts),
            ByType = evaluation.ByType.ToDictionary(type => type.Key, type => type.Value with { Gold = Over(type.Key) }),
        };

        Interval Over(QueryType type) => Bootstrap.Interval([.. byQuery.Where((_, i) => evaluation.Types[i] == type)], seed: seed);
    }

    private static GoldScore[] Score(IGoldRewardModel gold, IReadOnlyList<EvaluationSample> rollouts) =>
        gold.Judge([.. rollouts.Select(rollout => new GoldItem(rollout.Query, rollout.Response))]);
}
