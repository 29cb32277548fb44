using System.Diagnostics;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation.Judges;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Planning;
using Rer.Web.Access;

namespace Rer.Web.Lab;

/// <summary>Judges texts with a gold model and a design. Keeps the last gold model loaded; one judgement at a time.</summary>
/// <param name="roots">The folders that a plan, and a file of pairs, may lie in.</param>
public sealed class LabScorer(DataRoots roots) : IDisposable
{
    /// <summary>Longest response, in words: every prefix of it is scored.</summary>
    public const int MostWords = 400;

    private readonly SemaphoreSlim _one = new(1);
    private (string Key, IGoldRewardModel Model)? _gold;

    /// <summary>Scores every prefix of a response.</summary>
    /// <exception cref="InvalidDataException">The gold model or the data cannot be read, or the response is too long.</exception>
    public Task<LabResult> Score(LabRequest request, CancellationToken cancellation) =>
        Alone(() => Prefixes(request, cancellation), cancellation);

    /// <summary>Gold of whole responses.</summary>
    /// <param name="plan">The gold model and its device.</param>
    /// <param name="items">Queries with their responses.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidDataException">The gold model cannot be read.</exception>
    public Task<GoldScore[]> Gold(RunPlan plan, IReadOnlyList<GoldItem> items, CancellationToken cancellation) => Alone(
        () => (Gold(plan) ?? throw new InvalidDataException("Choose a gold model.")).Judge(items, cancellation), cancellation);

    /// <summary>Accuracy of a gold model and of a design on preference pairs, by subset, with the pairs gold gets wrong the most.</summary>
    /// <param name="plan">The gold model, its device, and the design.</param>
    /// <param name="path">The pairs' file.</param>
    /// <param name="progress">Called with pairs done and in all.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidDataException">The gold model or the pairs cannot be read.</exception>
    public Task<LabBench> Bench(RunPlan plan, string path, Action<int, int> progress, CancellationToken cancellation) => Alone(() =>
    {
        const int chunk = 32;
        var started = Stopwatch.GetTimestamp();
        if (path.Length == 0) throw new InvalidDataException("Name a file of pairs.");
        roots.RequireFile("pairs", path);
        var pairs = PreferenceSet.Load(path);
        if (pairs.Count == 0) throw new InvalidDataException($"{path} holds no pairs.");
        var gold = Gold(plan) ?? throw new InvalidDataException("Choose a gold model.");
        progress(0, pairs.Count);
        List<GoldScore> chosen = [], rejected = [];
        foreach (var some in pairs.Pairs.Chunk(chunk))
        {
            chosen.AddRange(gold.Judge([.. some.Select(p => new GoldItem(p.Prompt, p.Chosen))], cancellation));
            rejected.AddRange(gold.Judge([.. some.Select(p => new GoldItem(p.Prompt, p.Rejected))], cancellation));
            progress(chosen.Count, pairs.Count);
        }
        var mistakes = pairs.Pairs.Select((pair, i) => new LabMistake(pair, chosen[i].Reward, rejected[i].Reward))
            .Where(m => m.Chosen < m.Rejected)
            .OrderByDescending(m => m.Rejected - m.Chosen).Take(LabBench.MostMistakes);
        var (proxy, note, relevanceCut) = BenchOfDesign(plan, pairs);
        var bench = RewardBench.From(pairs, [.. chosen.Select(score => score.Reward)], [.. rejected.Select(score => score.Reward)]);
        return new LabBench(bench, proxy, [.. mistakes], note, Stopwatch.GetElapsedTime(started).TotalSeconds)
        {
            GoldCut = pairs.Pairs.Where((_, i) => chosen[i].Cut == true || rejected[i].Cut == true).GroupBy(pair => pair.Subset ?? "")
                .ToDictionary(subset => subset.Key, subset => subset.Count()),
            RelevanceCut = relevanceCut,
        };
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
        if (words.Count > MostWords)
            throw new InvalidDataException($"The response has {words.Count} words; at most {MostWords} are scored, one prefix each.");
        var prefixes = words.Select(w => request.Response[..w.End]).ToArray();
        var notes = new List<string>();
        var unknown = Enumerable.Repeat(double.NaN, words.Count).ToArray();

        bool? cut = null;
        double[] golds = unknown, byPosition = unknown;
        if (Gold(request.Plan) is { } gold)
        {
            var scores = gold.Judge([.. prefixes.Select(p => new GoldItem(request.Query, p))], cancellation);
            golds = Array.ConvertAll(scores, score => score.Reward);
            cut = words.Count == 0 ? null : scores[^1].Cut;
            if (gold is CheckpointGold checkpoint)
                byPosition = LabText.OnWords(words, checkpoint.PrefixRewards(new GoldItem(request.Query, request.Response)));
            if (cut == true) notes.Add(CutNote(Array.FindIndex(scores, score => score.Cut == true), words.Count, byPosition));
        }
        else
        {
            notes.Add("No gold model is chosen.");
        }

        var design = request.Plan.Design;
        var item = new PromptItem(0, request.Query, request.Reference.Length == 0 ? null : request.Reference, request.Type);
        var breakdowns = Measure(request.Plan, [.. prefixes.Select(_ => item)], prefixes, notes);
        var relevanceCut = breakdowns.Count > 0 && breakdowns[^1].RelevanceCut;
        if (relevanceCut) notes.Add(
            "The relevance model reads a part only: the response, its query or its reference is longer than its context.");
        var missing = breakdowns.Count == 0 ? [] : design.Row(request.Type).Where(s => !breakdowns[^1].Features.ContainsKey(s)).ToArray();
        if (missing.Length > 0)
            notes.Add(
                $"No proxy: {string.Join(", ", missing)} is not known for this "
                    + $"text{(request.Reference.Length == 0 ? ", which has no reference" : "")}.");
        return new LabResult
        {
            Words = words,
            Gold = golds,
            GoldByPosition = byPosition,
            Proxy = [.. breakdowns.Select(b => b.Allows(design) ? b.Under(design).Total : double.NaN)],
            Features = RewardFeatures.InOrder(breakdowns.SelectMany(b => b.Features.Keys))
                .ToDictionary(s => s, s => breakdowns.Select(b => b.Features.GetValueOrDefault(s, double.NaN)).ToArray()),
            GoldCut = cut,
            RelevanceCut = relevanceCut,
            Notes = notes,
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
    }

    // Prefixes grow: from one on, all are cut.
    private static string CutNote(int from, int words, double[] byPosition)
    {
        var unread = byPosition.TakeWhile(double.IsNaN).Count();
        var lost = unread > 0 && unread < words ? $": the query, and the first {unread} words of the whole response" : "";
        var begin = from > 0 ? $" from word {from + 1} on" : "";
        return $"The gold model reads a part only: with query and template the text is longer than its context{begin}."
            + $" Its beginning is left out{lost}.";
    }

    // A feature of the user's own that fails on some prefix leaves a gap in the curves and not the page without them.
    private IReadOnlyList<RewardBreakdown> Measure(RunPlan plan, PromptItem[] items, string[] responses, List<string> notes)
    {
        roots.Require(plan with { Gold = null });
        IRelevanceModel relevance = new PrecomputedRelevance();
        if (File.Exists(plan.Data)) relevance = RelevanceModels.Create(plan.Relevance, plan.LoadData());
        else notes.Add("No prompt set is chosen, so there is no relevance.");
        using (relevance)
        {
            var scorer = new RewardScorer(
                RewardDesign.Of([]), relevance, PromptTemplate.Of(plan.Template, plan.Policy), plan.Ppo.MaxResponseTokens,
                plan.Design.CustomFeatures);
            return scorer.Score(items, responses);
        }
    }

    // Pairs carry no query type and no reference: a branching design's open-ended row judges them.
    private (RewardBench? Bench, string Note, int RelevanceCut) BenchOfDesign(RunPlan plan, PreferenceSet pairs)
    {
        var design = plan.Design;
        PromptItem[] items = [.. pairs.Pairs.Select((pair, i) => new PromptItem(i, pair.Prompt, null, QueryType.OpenEnded))];
        var notes = new List<string>();
        var chosen = Measure(plan, items, [.. pairs.Pairs.Select(p => p.Chosen)], notes);
        var rejected = Measure(plan, items, [.. pairs.Pairs.Select(p => p.Rejected)], []);
        var cut = chosen.Zip(rejected, (better, worse) => better.RelevanceCut || worse.RelevanceCut).Count(isCut => isCut);
        if (chosen.Concat(rejected).Any(b => !b.Allows(design)))
        {
            var why = string.Join(' ', notes.DefaultIfEmpty("a reference, or a feature fails on one of them."));
            return (null, $"{design.Title} needs what pairs have not: {why}", cut);
        }

        var bench =
            RewardBench.From(pairs, [.. chosen.Select(b => b.Under(design).Total)], [.. rejected.Select(b => b.Under(design).Total)]);
        return (bench, design.Branching ? $"{design.Title} judges by its open-ended row: pairs have no query type." : "", cut);
    }

    private IGoldRewardModel? Gold(RunPlan plan)
    {
        if (plan.Gold is not { Length: > 0 } gold) return null;
        roots.RequireGold(gold);
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

/// <summary>A text to judge in the lab.</summary>
/// <param name="Plan">Design, gold, relevance, template and data to judge with.</param>
/// <param name="Query">The query.</param>
/// <param name="Response">The response.</param>
/// <param name="Reference">A known good answer; empty where there is none.</param>
/// <param name="Type">The query's type, which chooses a branching design's row.</param>
public sealed record LabRequest(RunPlan Plan, string Query, string Response, string Reference, QueryType Type);
