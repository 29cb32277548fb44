using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Input;
using Rer.Engine.Models;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Web.Access;

namespace Rer.Web.Preview;

/// <summary>
/// Finds responses to show a design on: those of an earlier run's step 0 where one has the same policy and data, else a few
/// sampled from the policy where it is small enough to load beside a run.
/// </summary>
/// <param name="store">Where earlier runs are.</param>
/// <param name="features">Features of the user's own, measured besides the built-in ones.</param>
/// <param name="roots">The folders that a plan may name.</param>
public sealed class PreviewLoader(IRunStore store, FeatureCatalog features, DataRoots roots) : IDisposable
{
    /// <summary>Items shown.</summary>
    public const int Shown = 5;

    /// <summary>Largest policy that is loaded for a preview, in bytes of weights.</summary>
    public const long LargestPolicy = 256L << 20;

    private const int OpenEnded = 3;

    // Prompt sets, and previews, kept at once.
    private const int Remember = 16;

    private readonly Dictionary<(string Path, PromptColumns? Columns, DateTime Written), PromptSet> _prompts = [];
    private readonly Dictionary<string, IReadOnlyList<Answer>> _sampled = [];
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What the preview of two plans depends on: equal keys, equal previews.</summary>
    public static string KeyOf(RunPlan plan, int page) => string.Join(
        '\n', plan.Policy, plan.Data, plan.Columns, plan.EvaluationData, plan.EvaluationColumns, plan.Gold, plan.Relevance, plan.Template,
        plan.Ppo.MaxResponseTokens, page);

    /// <summary>Loads a preview; never throws for what a plan may have wrong, but says it.</summary>
    /// <param name="plan">Policy, data, gold, relevance and template to use.</param>
    /// <param name="page">Which five items, from 0.</param>
    /// <param name="cancellation">The preview is no longer wanted.</param>
    public async Task<PreviewSet> Load(RunPlan plan, int page, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Read(plan, page), cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Files, models and native libraries can each be wrong in their own way; the page says which and goes on.
            return PreviewSet.Without(error.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Measures an item that somebody pasted: features, and gold where its model is small enough to load beside a run.</summary>
    /// <param name="plan">Data, gold, relevance and template to use.</param>
    /// <param name="pasted">The item.</param>
    /// <param name="cancellation">It is no longer wanted.</param>
    /// <returns>Null where the plan's files do not allow it; <see cref="Load"/> says why.</returns>
    public async Task<PreviewItem?> Score(RunPlan plan, PastedItem pasted, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Read(plan, pasted), cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // As with a preview; the same files are at fault, and it has told of them.
            return null;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private PreviewSet Read(RunPlan plan, int page)
    {
        if (roots.Problems(plan) is [var elsewhere, ..]) return PreviewSet.Without($"{elsewhere.Value} {elsewhere.Message}");
        if (!File.Exists(plan.Data))
            return PreviewSet.Without(plan.Data.Length == 0 ? "Choose a policy and data to see a preview." : $"{plan.Data} is not a file.");
        var training = Prompts(plan.Data, plan.Columns);
        var evaluation = plan.EvaluationData is { } path ? Prompts(path, plan.EvaluationColumns) : training;
        (QueryType? Type, int Count)[] counts =
            [.. QueryTypes.All.Cast<QueryType?>().Append(null).Select(type => (type, training.CountOf(type)))];
        var chosen = Choose(evaluation, page);
        if (chosen.Count == 0) return PreviewSet.Without($"{evaluation.Path} has no items.", counts);

        var (answers, origin) = FromStore(plan, evaluation, chosen) ?? Sample(plan, evaluation, chosen);
        if (answers.Count == 0) return PreviewSet.Without(origin, counts);

        using var relevance = RelevanceModels.Create(plan.Relevance, training);
        return new PreviewSet(Measure(plan, relevance, chosen, answers), origin, evaluation.Count, relevance.Ceiling, counts, null);
    }

    private PreviewItem Read(RunPlan plan, PastedItem pasted)
    {
        roots.Require(plan);
        var item = new PromptItem(0, pasted.Query, pasted.Reference.Length == 0 ? null : pasted.Reference, pasted.Type);
        using var gold = SmallGold(plan, ComputeDevice.Resolve(plan.Device));
        var score = gold?.Score([new GoldItem(item.Query, pasted.Response)])[0] ?? double.NaN;
        using var relevance = RelevanceModels.Create(plan.Relevance, Prompts(plan.Data, plan.Columns));
        return Measure(plan, relevance, [item], [new Answer(pasted.Response, score)])[0] with { Pasted = true };
    }

    private IReadOnlyList<PreviewItem> Measure(RunPlan plan, IRelevanceModel relevance, IReadOnlyList<PromptItem> items,
        IReadOnlyList<Answer> answers)
    {
        // With no feature on, every feature that is known is measured and none is demanded.
        var scorer = new RewardScorer(
            RewardDesign.Of([]), relevance, PromptTemplate.Of(plan.Template, plan.Policy), plan.Ppo.MaxResponseTokens,
            features.For(plan.Design));
        var scored = scorer.Read([.. items], [.. answers.Select(a => a.Text)]);
        return [.. items.Select((item, i) => new PreviewItem(item, answers[i].Text, answers[i].Gold, scored[i], scorer.Score(scored[i])))];
    }

    private PromptSet Prompts(string path, PromptColumns? columns) =>
        Remembered(_prompts, (path, columns, File.GetLastWriteTimeUtc(path)), () => PromptSet.Load(path, columns));

    // One preview at a time reads and adds. Few plans are looked at in turn: past the limit it begins anew.
    private static TValue Remembered<TKey, TValue>(Dictionary<TKey, TValue> known, TKey key, Func<TValue> read)
        where TKey : notnull
    {
        if (known.TryGetValue(key, out var value)) return value;
        if (known.Count >= Remember) known.Clear();
        return known[key] = read();
    }

    // Three open-ended and two closed-ended items where there are both; the next page takes the next of each.
    private static List<PromptItem> Choose(PromptSet prompts, int page)
    {
        var open = prompts.Items.Where(i => i.QueryType != QueryType.ClosedEnded).ToArray();
        var closed = prompts.Items.Where(i => i.QueryType == QueryType.ClosedEnded).ToArray();
        var fromOpen = closed.Length == 0 ? Shown : open.Length == 0 ? 0 : OpenEnded;
        return [.. Take(open, fromOpen), .. Take(closed, Shown - fromOpen)];

        IEnumerable<PromptItem> Take(PromptItem[] items, int count) =>
            Enumerable.Range(0, Math.Min(count, items.Length)).Select(i => items[(page * count + i) % items.Length]);
    }

    private (IReadOnlyList<Answer> Answers, string Origin)? FromStore(RunPlan plan, PromptSet evaluation, List<PromptItem> chosen)
    {
        // An evaluation on the first N queries has no answers to the others.
        var run = store.Runs().FirstOrDefault(r => r.Points.Count > 0 && r.Points[0].Step == 0 && Same(r.Plan, plan)
            && chosen.All(c => r.Plan.Evaluation.Queries == 0 || Position(evaluation, c) < r.Plan.Evaluation.Queries));
        if (run is null) return null;
        var answers = new List<Answer>();
        foreach (var item in chosen)
        {
            var found =
                store.Rollouts(new RolloutQuery { RunId = run.Id, Step = 0, Item = Position(evaluation, item), Sample = 0, Limit = 1 });
            if (found.Rows.Count == 0 || found.Rows[0].Rollout.Query != item.Query) return null;
            answers.Add(new Answer(found.Rows[0].Rollout.Response, found.Rows[0].Rollout.Gold));
        }
        return (answers, $"responses of the policy at step 0, from {run.Id}");
    }

    private static bool Same(RunPlan a, RunPlan b) =>
        Path.GetFullPath(a.Policy) == Full(b.Policy) && Full(a.EvaluationData ?? a.Data) == Full(b.EvaluationData ?? b.Data)
        && Full(a.Gold ?? "") == Full(b.Gold ?? "") && a.Template == b.Template && a.Ppo.MaxResponseTokens == b.Ppo.MaxResponseTokens;

    private static string Full(string path) => path.Length == 0 ? "" : Path.GetFullPath(path);

    private static int Position(PromptSet set, PromptItem item) => set.Items.ToList().IndexOf(item);

    private (IReadOnlyList<Answer> Answers, string Origin) Sample(RunPlan plan, PromptSet evaluation, List<PromptItem> chosen)
    {
        if (!Directory.Exists(plan.Policy))
            return ([], plan.Policy.Length == 0 ? "Choose a policy to see a preview." : $"{plan.Policy} is not a folder.");
        if (WeightsOf(plan.Policy) is var size && size > LargestPolicy)
            return ([],
                $"No run has answered these items with {Path.GetFileName(plan.Policy)} yet, and its {size >> 20} MiB are too many to load "
                    + "beside a run. After the first evaluation of a run the preview shows its answers.");
        var key = KeyOf(plan, 0) + string.Concat(chosen.Select(c => "\n" + Position(evaluation, c)));
        var answers = Remembered(_sampled, key, () => Generate(plan, evaluation.Path, chosen));
        return (answers, "responses sampled from the policy just now");
    }

    private static IReadOnlyList<Answer> Generate(RunPlan plan, string path, List<PromptItem> chosen)
    {
        var device = ComputeDevice.Resolve(plan.Device);
        var encoder = new PromptEncoder(plan);
        var encoded = encoder.Encode(new PromptSet(path, chosen));
        if (encoded.Prompts.Count < chosen.Count)
            throw new InvalidDataException(
                $"Some of these items are longer than the policy's prompts may be ({plan.Ppo.MaxPromptTokens} tokens). Ask for other "
                    + "ones.");
        using var policy = CausalLm.Load(plan.Policy, device, ComputeDevice.TypeNamed(plan.DType));
        policy.AddLora(plan.Lora, 0);
        using var gold = SmallGold(plan, device);
        var scorer = new RewardScorer(RewardDesign.Of([]), new PrecomputedRelevance(), PromptTemplate.Of(plan.Template, plan.Policy),
            plan.Ppo.MaxResponseTokens);
        using var evaluator = new CheckpointEvaluator(
            policy, encoder.Tokenizer, scorer, gold, encoded.Prompts, plan.Evaluation with { Responses = 1, Queries = 0 },
            plan.Ppo.MaxResponseTokens, plan.Seed);
        return [.. evaluator.Evaluate(0).Rollouts.OrderBy(r => r.Item).Select(r => new Answer(r.Response, r.Gold))];
    }

    /// <summary>Whether a plan's gold model is small enough to load beside a run.</summary>
    internal static bool HasSmallGold(RunPlan plan) =>
        plan.Gold is { } text && GoldSource.Parse(text) is { Kind: GoldKind.Folder, Location: var folder } && Directory.Exists(folder)
        && WeightsOf(folder) <= LargestPolicy;

    private static IGoldRewardModel? SmallGold(RunPlan plan, TorchSharp.torch.Device device) =>
        HasSmallGold(plan) ? GoldRewardModels.Open(plan.Gold!, device, ComputeDevice.TypeNamed(plan.DType)) : null;

    private static long WeightsOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.safetensors").Where(InputFile.Exists).Sum(InputFile.Length);

    private readonly record struct Answer(string Text, double Gold);
}
