using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Storage;

namespace Rer.Engine.Playground.Study;

/// <summary>What a finished run gives to a study.</summary>
/// <param name="Seconds">Wall-clock seconds the run took.</param>
/// <param name="Evaluations">Evaluations by step, the first at step 0.</param>
/// <param name="Rollouts">The responses that each evaluation stands on.</param>
public sealed record StudyOutcome(
    double Seconds, IReadOnlyList<EvaluationReport> Evaluations, IReadOnlyList<IReadOnlyList<EvaluationSample>> Rollouts)
{
    /// <summary>Reads a finished run.</summary>
    public static StudyOutcome Of(IRunStore store, RunRecord run)
    {
        var evaluations = store.Evaluations(run.Id);
        return new StudyOutcome(run.ActiveSeconds, evaluations,
            [.. evaluations.Select(evaluation => Responses(store, run.Id, evaluation.Step))]);
    }

    private static List<EvaluationSample> Responses(IRunStore store, string runId, int step)
    {
        var all = new List<EvaluationSample>();
        while (true)
        {
            var page = store.Rollouts(new RolloutQuery { RunId = runId, Step = step, Offset = all.Count, Limit = RolloutQuery.MaxLimit });
            all.AddRange(page.Rows.Select(row => row.Rollout));
            if (page.Rows.Count == 0 || all.Count >= page.Total) return all;
        }
    }
}
