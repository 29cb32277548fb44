using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Benchmarks;

/// <summary>
/// Invented runs for measuring pages and queries at scale: rewards that rise, level off or are over-optimised, with metrics
/// and rollouts to match. Nothing in them was trained; every run is tagged `synthetic`.
/// </summary>
internal sealed record SyntheticRuns
{
    private const int Chunk = 1_000;

    private static readonly string[] _words =
        ["the", "river", "runs", "past", "an", "old", "mill", "where", "children", "learn", "to", "count", "seven", "grey", "stones", "and",
            "sing"];

    /// <summary>What the dashboard's speed is measured on: 300 runs, and one of 100,000 steps with 50,250 rollouts.</summary>
    public static IReadOnlyList<SyntheticRuns> Scale { get; } =
    [
        new SyntheticRuns { Steps = 200 },
        new SyntheticRuns { Seed = 2, Runs = 1, Steps = 100_000, Evaluations = 201, Queries = 125, Responses = 2 },
    ];

    /// <summary>Seed of everything invented. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Number of runs. Default 300.</summary>
    public int Runs { get; init; } = 300;

    /// <summary>Steps of each run. Default 1,000.</summary>
    public int Steps { get; init; } = 1_000;

    /// <summary>Evaluations of each run, the one at step 0 included; at least 2. Default 11.</summary>
    public int Evaluations { get; init; } = 11;

    /// <summary>Evaluation queries. Default 20.</summary>
    public int Queries { get; init; } = 20;

    /// <summary>Responses for each query. Default 2.</summary>
    public int Responses { get; init; } = 2;

    /// <summary>Adds the runs to a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="progress">Called with runs done and in all.</param>
    public void Fill(IRunStore store, Action<int, int>? progress = null)
    {
        for (var i = 0; i < Runs; i++)
        {
            Add(store, i);
            progress?.Invoke(i + 1, Runs);
        }
    }

    private static double Noise(SeededRandom random) => random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;

    private void Add(IRunStore store, int index)
    {
        var random = SeededRandom.From(Seed, "synthetic run", index);
        var preset = RewardDesign.Presets[index % RewardDesign.Presets.Count];
        var created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(37L * index);
        var plan = new RunPlan
        {
            Design = preset.Design,
            Policy = "synthetic/policy",
            Data = "synthetic/train.json",
            Gold = "synthetic/gold",
            Seed = 1 + (index / RewardDesign.Presets.Count),
            Ppo = new PpoOptions { Steps = Steps },
            Evaluation = new EvaluationOptions { Every = Math.Max(1, Steps / (Evaluations - 1)), Responses = Responses },
        };
        var id = $"synthetic-{Seed}-{index:0000}";
        store.Add(RunRecord.Of(id, plan, created));
        store.SetTags(id, ["synthetic"]);
        store.Append(id, [new StateChanged(RunState.Running, null) { At = created }]);

        // Over-optimised where the length counts and nothing holds it back.
        var turn = preset.Design.UsesRelevance ? 2.0 : 0.3 + (0.3 * random.NextDouble());
        Evaluate(0);
        for (var step = 1; step <= Steps;)
        {
            var last = Math.Min(Steps, Math.Min(step + Chunk - 1, (((step - 1) / plan.Evaluation.Every) + 1) * plan.Evaluation.Every));
            store.Append(id, [.. Enumerable.Range(step, last - step + 1).Select(s => Step(s, created, random))]);
            if (last % plan.Evaluation.Every == 0 || last == Steps) Evaluate(last);
            step = last + 1;
        }

        store.Append(id, [new StateChanged(RunState.Finished, null) { At = created.AddSeconds(Steps * 0.35) }]);

        void Evaluate(int step)
        {
            var rollouts = Rollouts(step, turn, random);
            store.Append(id, [new EvaluationCompleted(Report(step, rollouts)) { At = created.AddSeconds(step * 0.35) }], rollouts);
        }
    }

    private StepCompleted Step(int step, DateTimeOffset created, SeededRandom random)
    {
        var progress = (double)step / Steps;
        var names = typeof(Metric).GetFields().Select(f => (string)f.GetValue(null)!);
        var values = names.ToDictionary(name => name, _ => progress + (0.1 * Noise(random)));
        return new StepCompleted(new StepReport(step, values)) { At = created.AddSeconds(step * 0.35) };
    }

    private EvaluationSample[] Rollouts(int step, double turn, SeededRandom random)
    {
        var progress = (double)step / Steps;
        return
        [
            .. from item in Enumerable.Range(0, Queries)
               from sample in Enumerable.Range(0, Responses)
               let length = 40 + random.Next(40) + (int)(60 * progress)
               select new EvaluationSample
               {
                   Step = step,
                   Item = item,
                   Sample = sample,
                   Query = $"Question {item}: what do the {_words[item % _words.Length]} and the {_words[item * 7 % _words.Length]} have "
                       + "in common?",
                   Reference = $"Answer {item}.",
                   QueryType = item % 2 == 0 ? QueryType.OpenEnded : QueryType.ClosedEnded,
                   Response = string.Join(' ', Enumerable.Range(0, length).Select(_ => _words[random.Next(_words.Length)])),
                   Proxy = (length / 100.0) + (0.1 * Noise(random)),
                   Gold = -6 + (progress < turn ? progress : (2 * turn) - progress) + (0.2 * Noise(random)),
                   Features = new Dictionary<string, double> { ["LI"] = length / 100.0, ["RP"] = 1 - (0.3 * progress) },
                   Factors = new Dictionary<string, double> { ["LI"] = length / 100.0 },
                   Tokens = length,
                   EndedWithEos = random.NextDouble() > progress,
               },
        ];
    }

    private EvaluationReport Report(int step, EvaluationSample[] rollouts)
    {
        var byQuery = rollouts.GroupBy(r => r.Item).ToArray();
        double[] proxy = [.. byQuery.Select(q => q.Average(r => r.Proxy))], gold = [.. byQuery.Select(q => q.Average(r => r.Gold))];
        QueryType?[] types = [.. byQuery.Select(q => q.First().QueryType)];
        return new EvaluationReport
        {
            Step = step,
            Proxy = Over(proxy, _ => true),
            Gold = Over(gold, _ => true),
            ByType = QueryTypes.All.Where(t => types.Contains(t))
                .ToDictionary(t => t, t => new TypeScores(Over(proxy, i => types[i] == t), Over(gold, i => types[i] == t))),
            PresetProxies = RewardDesign.Presets.ToDictionary(p => p.Name, _ => proxy.Average()),
            ProxyByQuery = proxy,
            GoldByQuery = gold,
            Types = types,
            // A metric of a query type compares responses with one another, which takes long.
            Metrics = EvaluationMetrics.Columns.ToDictionary(
                column => column.Name, column => column.Type is null ? column.Metric.Compute(rollouts) : 0.2 + (0.2 * step / Steps)),
            Seconds = 10,
        };
    }

    private static Interval Over(double[] values, Func<int, bool> chosen) =>
        Bootstrap.Interval([.. values.Where((_, i) => chosen(i))], resamples: 100);
}
