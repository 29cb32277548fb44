using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Web.Tests.Stores;

/// <summary>A run made up from a seed: what the pages show of it can be known beforehand.</summary>
public sealed class SampleRun(RunPlan plan, int seed)
{
    private static readonly string[] Queries =
    [
        "Describe the taste of fresh ginger to someone who has never eaten it.", "How many minutes are there in 3.5 hours?",
        "Give three tips for keeping a bicycle chain clean.", "Is a tomato botanically a fruit? Answer yes or no.",
        "Tell a short story about a lighthouse keeper who collects letters.", "Name the capital of Mongolia.",
        "Explain to a child why the sky is blue.", "What is 17 times 6?",
        "Suggest a name for a small bakery.", "Put in order: March, January, February.",
        "Give a polite reason to leave a dinner early.", "Which word is a verb: table, run, blue?",
    ];

    private static readonly string[] References =
    [
        "Sharp and bright, a little like lemon peel, then warm.", "210 minutes.", "Wipe it, oil it, keep it dry.", "Yes.",
        "He kept every letter the sea returned.", "Ulaanbaatar.", "Blue light is scattered more than red.", "102.",
        "Crumb and Corner.", "January, February, March.", "I have an early train to catch.", "run",
    ];

    private static readonly string[] Words =
        ("the keeper of a small light writes letters to people he has never met and every spring the answers come back by boat with salt "
            + "on them so he reads each one aloud").Split(' ');

    private readonly Random _random = new(seed);

    /// <summary>A plan with short cadence, over folders that need not exist.</summary>
    public static RunPlan Plan(string design, int seed = 1, int steps = 6000, int every = 500) => new()
    {
        Design = RewardDesign.Parse(design),
        Policy = "/models/llama-2-7b-sft",
        Data = "/data/alpaca-qtype.json",
        EvaluationData = "/data/alpaca-qtype-eval.json",
        Gold = "/models/starling-rm-34b",
        Seed = seed,
        Ppo = new PpoOptions { Steps = steps, MaxGradientNorm = 1 },
        Evaluation = new EvaluationOptions { Every = every },
    };

    /// <summary>Mean gold at a share of the run: rises and falls again where the design rewards length alone.</summary>
    public static double Gold(RewardDesign design, double share) => design.Title switch
    {
        "RER" => -6.4 + 1.6 * share,
        "LI*RP*QR" => -6.4 + 0.9 * Math.Sin(Math.Min(1, 1.6 * share) * Math.PI / 2) - 0.2 * share,
        _ => -6.4 + 1.5 * Math.Sin(Math.PI * share) - 0.9 * share * share,
    };

    /// <summary>The evaluation at a step.</summary>
    public EvaluationReport Evaluation(int step)
    {
        var share = (double)step / plan.Ppo.Steps;
        var gold = Gold(plan.Design, share) + 0.04 * (_random.NextDouble() - 0.5);
        var proxy = 0.57 + 2.6 * Math.Pow(share, 0.7) + 0.03 * _random.NextDouble();
        Interval Around(double mean, double half) => new(mean, mean - half, mean + half, Queries.Length);
        return new EvaluationReport
        {
            Step = step,
            Proxy = Around(proxy, 0.05),
            Gold = Around(gold, 0.1),
            ByType = new Dictionary<QueryType, TypeScores>
            {
                [QueryType.OpenEnded] = new(Around(proxy - 0.1, 0.06), Around(gold + 0.4, 0.12)),
                [QueryType.ClosedEnded] = new(Around(proxy + 0.1, 0.06), Around(gold - 0.5 - 0.3 * share, 0.12)),
            },
            PresetProxies = RewardDesign.Presets.ToDictionary(p => p.Name, _ => proxy),
            ProxyByQuery = [.. Queries.Select((_, i) => proxy + 0.02 * i)],
            GoldByQuery = [.. Queries.Select((_, i) => gold - 0.05 * i)],
            Types = [.. Queries.Select((_, i) => (QueryType?)(i % 2 == 0 ? QueryType.OpenEnded : QueryType.ClosedEnded))],
            Metrics = new Dictionary<string, double>
            {
                ["OE_self_bleu"] = 0.24 + 0.12 * share,
                ["CE_self_bleu"] = 0.38 - 0.04 * share,
                ["OE_distinct_2"] = 0.82 - 0.2 * share,
                ["CE_distinct_2"] = 0.9 - 0.1 * share,
                ["length_mean"] = 110 + 360 * share,
                ["eos_share"] = 1 - 0.7 * share,
            },
            Seconds = 250,
        };
    }

    /// <summary>What a step recorded.</summary>
    public StepReport Step(int step)
    {
        var share = (double)step / plan.Ppo.Steps;
        double Noise(double size) => size * (_random.NextDouble() - 0.5);
        return new StepReport(step, new Dictionary<string, double>
        {
            [Metric.ProxyMean] = 0.6 + 2.6 * share + Noise(0.4),
            [Metric.Kl] = 9 * share + Noise(3),
            [Metric.KlCoefficient] = 0.2 - 0.2 * share + 0.2 * share * share,
            [Metric.Entropy] = 2.2 - share + Noise(0.1),
            [Metric.ClipFraction] = 0.08 + Noise(0.06),
            [Metric.ValueLoss] = 0.1 + 0.6 * Math.Exp(-8 * share) + Math.Abs(Noise(0.1)),
            [Metric.LengthMean] = 110 + 370 * share + Noise(30),
            [Metric.EndedWithEos] = Math.Clamp(1 - 0.7 * share + Noise(0.2), 0, 1),
            [Metric.SkippedMinibatches] = 0,
            [Metric.TokensPerSecond] = 1870 + Noise(60),
            [Metric.SecondsGenerate] = 1.22 + Noise(0.05),
            [Metric.SecondsScore] = 0.18,
            [Metric.SecondsForward] = 0.33,
            [Metric.SecondsUpdate] = 0.58,
            [Metric.SecondsStep] = 2.31 + Noise(0.05),
            [Metric.PeakMemory] = 98.1 * 1024 * 1024 * 1024,
        });
    }

    /// <summary>The responses of an evaluation.</summary>
    public IReadOnlyList<EvaluationSample> Rollouts(int step)
    {
        var share = (double)step / plan.Ppo.Steps;
        var rollouts = new List<EvaluationSample>();
        for (var item = 0; item < Queries.Length; item++)
        {
            var type = item % 2 == 0 ? QueryType.OpenEnded : QueryType.ClosedEnded;
            for (var sample = 0; sample < plan.Evaluation.Responses; sample++)
            {
                var length = (int)(6 + 30 * share + _random.Next(6));
                var features = new Dictionary<string, double>
                {
                    ["LI"] = length / 100.0,
                    ["RP"] = 1 - 0.1 * share,
                    ["QR"] = 0.4 + 0.4 * _random.NextDouble(),
                    ["RAR"] = 0.5 + 0.5 * _random.NextDouble(),
                };
                var factors = plan.Design.Row(type).ToDictionary(s => s, s => features[s]);
                rollouts.Add(new EvaluationSample
                {
                    Step = step,
                    Item = item,
                    Sample = sample,
                    Query = Queries[item],
                    Response = string.Join(' ', Enumerable.Range(0, length).Select(i => Words[(i + item + sample) % Words.Length])) + ".",
                    Reference = References[item],
                    QueryType = type,
                    Proxy = factors.Values.Aggregate(1.0, (a, b) => a * b),
                    Gold = Gold(plan.Design, share) - 0.1 * item + 0.4 * _random.NextDouble(),
                    Features = features,
                    Factors = factors,
                    Tokens = length + 4,
                    EndedWithEos = _random.NextDouble() > 0.6 * share,
                });
            }
        }
        return rollouts;
    }
}
