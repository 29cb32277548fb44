using System.Diagnostics;
using Rer.Engine.Data;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;

namespace Rer.Web.Lab;

/// <summary>Judges texts with a gold model and a design. Keeps the last gold model loaded; one judgement at a time.</summary>
public sealed class LabScorer : IDisposable
{
    /// <summary>Longest response, in words: every prefix of it is scored.</summary>
    public const int MostWords = 400;

    private readonly SemaphoreSlim _one = new(1);
    private (string Key, IGoldRewardModel Model)? _gold;

    /// <summary>Scores every prefix of a response.</summary>
    /// <exception cref="InvalidDataException">The gold model or the data cannot be read, or the response is too long.</exception>
    public Task<LabResult> Score(LabRequest request, CancellationToken cancellation) => Alone(() => Prefixes(request, cancellation), cancellation);

    /// <summary>Accuracy of a gold model on preference pairs, by subset, with the pairs it gets wrong the most.</summary>
    /// <param name="plan">The gold model and its device.</param>
    /// <param name="path">The pairs' file.</param>
    /// <param name="progress">Called with pairs done and in all.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<LabBench> Bench(RunPlan plan, string path, Action<int, int> progress, CancellationToken cancellation) => Alone(() =>
    {
        const int chunk = 64;
        var pairs = PreferenceSet.Load(path);
        var gold = Gold(plan) ?? throw new InvalidDataException("Choose a gold model.");
        List<double> chosen = [], rejected = [];
        foreach (var some in pairs.Pairs.Chunk(chunk))
        {
            chosen.AddRange(gold.Score([.. some.Select(p => new GoldItem(p.Prompt, p.Chosen))], cancellation));
            rejected.AddRange(gold.Score([.. some.Select(p => new GoldItem(p.Prompt, p.Rejected))], cancellation));
            progress(chosen.Count, pairs.Count);
        }
        var mistakes = pairs.Pairs.Select((pair, i) => new LabMistake(pair, chosen[i], rejected[i])).Where(m => m.Chosen < m.Rejected)
            .OrderByDescending(m => m.Rejected - m.Chosen).Take(LabBench.MostMistakes);
        return new LabBench(RewardBench.From(pairs, chosen, rejected), [.. mistakes]);
    }, cancellation);

    /// <inheritdoc />
    public void Dispose()
    {
        _gold?.Model.Dispose();
        _one.Dispose();
    }

    private async Task<T> Alone<T>(Func<T> work, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    private LabResult Prefixes(LabRequest request, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var words = LabText.Words(request.Response);
        if (words.Count > MostWords) throw new InvalidDataException($"The response has {words.Count} words; at most {MostWords} are scored, one prefix each.");
        var prefixes = words.Select(w => request.Response[..w.End]).ToArray();
        var notes = new List<string>();
        var unknown = Enumerable.Repeat(double.NaN, words.Count).ToArray();

        double[] golds = unknown, byPosition = unknown;
        if (Gold(request.Plan) is { } gold)
        {
            golds = gold.Score([.. prefixes.Select(p => new GoldItem(request.Query, p))], cancellation);
            if (gold is CheckpointGold checkpoint) byPosition = LabText.OnWords(words, checkpoint.PrefixRewards(new GoldItem(request.Query, request.Response)));
        }
        else
        {
            notes.Add("No gold model is chosen.");
        }

        var breakdowns = Measure(request, prefixes, notes);
        var design = request.Plan.Design;
        var allowed = breakdowns.Count > 0 && breakdowns[^1].Allows(design);
        if (breakdowns.Count > 0 && !allowed) notes.Add($"{design.Title} needs what this text has not: a reference for RAR, or a relevance model.");
        return new LabResult
        {
            Words = words,
            Gold = golds,
            GoldByPosition = byPosition,
            Proxy = allowed ? [.. breakdowns.Select(b => b.Under(design).Total)] : unknown,
            Features = RewardFeatures.Symbols.Where(s => breakdowns.Count > 0 && breakdowns[^1].Features.ContainsKey(s))
                .ToDictionary(s => s, s => breakdowns.Select(b => b.Features.GetValueOrDefault(s, double.NaN)).ToArray()),
            Breakdown = allowed ? breakdowns[^1].Under(design) : null,
            Notes = notes,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
    }

    private static IReadOnlyList<RewardBreakdown> Measure(LabRequest request, string[] prefixes, List<string> notes)
    {
        var plan = request.Plan;
        var item = new PromptItem(0, request.Query, request.Reference.Length == 0 ? null : request.Reference, request.Type);
        IRelevanceModel relevance = new PrecomputedRelevance();
        if (File.Exists(plan.Data)) relevance = RelevanceModels.Create(plan.Relevance, PromptSet.Load(plan.Data));
        else notes.Add("No prompt set is chosen, so there is no relevance.");
        using (relevance)
        {
            var scorer = new RewardScorer(RewardDesign.Of([]), relevance, PromptTemplate.Of(plan.Template, plan.Policy), plan.Ppo.MaxResponseTokens);
            return scorer.Score([.. prefixes.Select(_ => item)], prefixes);
        }
    }

    private IGoldRewardModel? Gold(RunPlan plan)
    {
        if (plan.Gold is not { Length: > 0 } gold) return null;
        var key = $"{GoldSource.Parse(gold).WithFullPaths()}\n{plan.Device}\n{plan.DType}";
        if (_gold is { } kept && kept.Key == key) return kept.Model;
        _gold?.Model.Dispose();
        _gold = null;
        var device = ComputeDevice.Resolve(plan.Device);
        var model = GoldRewardModels.Open(gold, device, ComputeDevice.TypeNamed(plan.DType));
        _gold = (key, model);
        return model;
    }
}
