using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Runs;

/// <summary>Small plans, reports and rollouts whose figures say where they belong.</summary>
internal static class Samples
{
    public static RunPlan Plan(int seed = 1, int steps = 10) => new()
    {
        Design = RewardDesign.Parse("RER"),
        Policy = "/models/policy",
        Data = "/data/train.json",
        Seed = seed,
        Ppo = new PpoOptions { Steps = steps },
    };

    public static RunRecord Record(string id, RunPlan? plan = null) => new()
    {
        Id = id,
        Plan = plan ?? Plan(),
        PlanHash = (plan ?? Plan()).Hash,
        DesignText = (plan ?? Plan()).Design.Text,
        DesignHash = (plan ?? Plan()).Design.Hash,
        State = RunState.Queued,
        Created = new DateTimeOffset(2026, 7, 30, 12, 0, 0, TimeSpan.Zero),
        Step = 0,
    };

    public static StepCompleted Step(int step) => new(new StepReport(
        step,
        new Dictionary<string, double> { [Metric.ProxyMean] = step / 10.0, [Metric.Kl] = step, [Metric.ExplainedVariance] = double.NaN }));

    public static EvaluationReport Evaluation(int step) => new()
    {
        Step = step,
        Proxy = new Interval(step, step - 1, step + 1, 2),
        Gold = new Interval(-step, -step - 1, -step + 1, 2),
        ByType = new Dictionary<QueryType, TypeScores>
        {
            [QueryType.OpenEnded] = new(new Interval(step, 0, 1, 1), new Interval(-step, 0, 1, 1)),
        },
        PresetProxies = new Dictionary<string, double> { ["LI"] = step },
        ProxyByQuery = [step, double.NaN],
        GoldByQuery = [-step, -step],
        Types = [QueryType.OpenEnded, null],
        Metrics = new Dictionary<string, double> { ["OE_self_bleu"] = 0.25, ["length_mean"] = 12, ["eos_share"] = 0.5 },
        Seconds = 1.5,
    };

    public static EvaluationSample Rollout(int step, int item, int sample, string response = "A response.") => new()
    {
        Step = step,
        Item = item,
        Sample = sample,
        Query = $"Query {item}?",
        Reference = item == 0 ? null : $"Reference {item}.",
        QueryType = item % 2 == 0 ? QueryType.OpenEnded : QueryType.ClosedEnded,
        Response = response,
        Proxy = step + item,
        Gold = -item,
        Features = new Dictionary<string, double> { ["LI"] = 0.5, ["RP"] = 1 },
        Factors = new Dictionary<string, double> { ["LI"] = 0.5 },
        Tokens = 10 + sample,
        EndedWithEos = sample == 0,
    };
}
