using System.Diagnostics;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using Rer.Engine.Rewards;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Evaluation;

/// <summary>
/// Samples k responses for each evaluation query, scores each with the proxy, every preset and the gold reward, and computes every
/// metric of <see cref="EvaluationMetrics"/>. Sampling is seeded by (run seed, step, query, sample), so that checkpoints differ by the
/// policy alone.
/// </summary>
/// <param name="model">The policy, adapter on.</param>
/// <param name="tokenizer">The policy's tokenizer.</param>
/// <param name="scorer">The run's design with its relevance model.</param>
/// <param name="gold">The gold reward; null leaves gold figures NaN.</param>
/// <param name="prompts">Evaluation queries.</param>
/// <param name="options">How many responses, how sampled.</param>
/// <param name="maxResponseTokens">Most tokens in a response, as in training.</param>
/// <param name="seed">The run's seed.</param>
public sealed class CheckpointEvaluator(
    CausalLm model, ITokenizer tokenizer, RewardScorer scorer, IGoldRewardModel? gold, IReadOnlyList<EncodedPrompt> prompts,
    EvaluationOptions options, int maxResponseTokens, int seed) : IDisposable
{
    private readonly TextGenerator _generator = new(model);

    /// <summary>The figures of one checkpoint and the responses they stand on, query by query.</summary>
    /// <param name="step">PPO steps completed.</param>
    /// <param name="progress">Called with queries done and in all.</param>
    /// <param name="cancellation">Stops at the next token.</param>
    /// <exception cref="InvalidDataException">A feature or the gold reward is NaN or infinite.</exception>
    public (EvaluationReport Report, IReadOnlyList<EvaluationSample> Rollouts) Evaluate(
        int step, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        var rollouts = new List<EvaluationSample>(prompts.Count * options.Responses);
        var presets = RewardDesign.Presets.ToDictionary(p => p.Name, _ => new Mean());
        var cuts = new List<(QueryType?, bool?, bool)>(rollouts.Capacity);
        var done = 0;
        progress?.Invoke(0, prompts.Count);

        // Prompts of like length decode together: little padding, and rows end at about the same time.
        foreach (var batch in Enumerable.Range(0, prompts.Count).OrderBy(i => prompts[i].Ids.Length).Chunk(options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            rollouts.AddRange(Sample(step, batch, presets, cuts, cancellation));
            progress?.Invoke(done += batch.Length, prompts.Count);
        }

        rollouts.Sort((a, b) => (a.Item, a.Sample).CompareTo((b.Item, b.Sample)));
        var report = Summarise(step, rollouts, presets, CutTexts.Of(cuts), Stopwatch.GetElapsedTime(started).TotalSeconds);
        return (report, rollouts);
    }

    private IEnumerable<EvaluationSample> Sample(
        int step, int[] batch, Dictionary<string, Mean> presets, List<(QueryType?, bool?, bool)> cuts, CancellationToken cancellation)
    {
        var slots =
            (from item in batch from sample in Enumerable.Range(0, options.Responses) select (Item: item, Sample: sample)).ToArray();
        var sampling = new SamplingOptions
        {
            Temperature = options.Temperature,
            TopP = options.TopP,
            MaxNewTokens = maxResponseTokens,
            EosIds = model.EosIds,
        };
        var generation = _generator.Generate(
            slots.Select(s => prompts[s.Item].Ids).ToArray(), sampling,
            slots.Select(s => SeededRandom.Seed(seed, "evaluation", step, s.Item, s.Sample)).ToArray(), cancellation);

        var items = slots.Select(s => prompts[s.Item].Item).ToArray();
        var responses = generation.Sequences.Select(ids => tokenizer.Decode(ids)).ToArray();
        var breakdowns = scorer.Score(items, responses);
        var golds = gold?.Judge([.. items.Zip(responses, (item, response) => new GoldItem(item.Query, response))], cancellation)
            ?? Enumerable.Repeat(new GoldScore(double.NaN, null), slots.Length).ToArray();
        cuts.AddRange(items.Select((item, i) => (item.QueryType, golds[i].Cut, breakdowns[i].RelevanceCut)));
        foreach (var preset in RewardDesign.Presets)
        {
            // A preset that branches cannot score rows without a query type or a reference.
            foreach (var breakdown in breakdowns.Where(b => b.Allows(preset.Design)))
            {
                presets[preset.Name].Add(breakdown.Under(preset.Design).Total);
            }
        }

        return slots.Select((slot, i) => new EvaluationSample
        {
            Step = step,
            Item = slot.Item,
            Sample = slot.Sample,
            Query = items[i].Query,
            Response = responses[i],
            Reference = items[i].Reference,
            Dataset = items[i].Dataset,
            QueryType = items[i].QueryType,
            Proxy = breakdowns[i].Total,
            Gold = golds[i].Reward,
            Features = breakdowns[i].Features,
            Factors = breakdowns[i].Factors,
            Tokens = generation.Sequences[i].Length,
            EndedWithEos = generation.EndedWithEos[i],
        });
    }

    private EvaluationReport Summarise(int step, List<EvaluationSample> rollouts, Dictionary<string, Mean> presets, CutTexts cuts,
        double seconds)
    {
        var byQuery = rollouts.GroupBy(r => r.Item).Select(g => g.ToArray()).ToArray();
        var proxies = byQuery.Select(q => q.Average(r => r.Proxy)).ToArray();
        var golds = byQuery.Select(q => q.Average(r => r.Gold)).ToArray();
        var types = byQuery.Select(q => q[0].QueryType).ToArray();

        Interval Over(double[] values, Func<int, bool> chosen) =>
            Bootstrap.Interval([.. values.Where((_, i) => chosen(i))], seed: seed);

        return new EvaluationReport
        {
            Step = step,
            Proxy = Over(proxies, _ => true),
            Gold = Over(golds, _ => true),
            ByType = types.OfType<QueryType>().Distinct().Order().ToDictionary(
                type => type,
                type => new TypeScores(Over(proxies, i => types[i] == type), Over(golds, i => types[i] == type))),
            PresetProxies = presets.Where(p => p.Value.Count > 0).ToDictionary(p => p.Key, p => p.Value.Value),
            ProxyByQuery = proxies,
            GoldByQuery = golds,
            Types = types,
            Metrics = EvaluationMetrics.Compute(rollouts),
            Cuts = cuts,
            Seconds = seconds,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _generator.Dispose();

    private sealed class Mean
    {
        private double _sum;

        public int Count { get; private set; }

        public double Value => _sum / Count;

        public void Add(double value)
        {
            _sum += value;
            Count++;
        }
    }
}
