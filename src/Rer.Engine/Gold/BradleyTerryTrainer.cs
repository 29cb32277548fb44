using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Models;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// Fits a reward model to preference pairs with the Bradley-Terry loss (Bradley &amp; Terry 1952; Stiennon et al. 2020, equation 1):
/// -log sigmoid(r(chosen) - r(rejected)), all weights trained.
/// </summary>
/// <remarks>
/// Pairs of one prompt that follow one another are a ranking: they go into the same update, count together as much as one ranking does,
/// and an answer that stands in several of them is read once (Ouyang et al. 2022, section 3.5). An answer that another one begins with
/// is read there: under causal attention its last token sees nothing of what follows.
/// </remarks>
/// <param name="model">The model; updated in place.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How query and response are wrapped.</param>
/// <param name="options">Options.</param>
public sealed class BradleyTerryTrainer(RewardModel model, ITokenizer tokenizer, GoldTemplate template, BradleyTerryOptions options)
{
    /// <summary>Pairs that are sorted by length together.</summary>
    private const int PoolSize = 8192;

    /// <summary>Longest text that is read whole, in tokens with its template.</summary>
    public int MaxTokens => options.MaxTokens;

    /// <summary>Trains for <see cref="BradleyTerryOptions.Steps"/> updates.</summary>
    /// <param name="pairs">Pair number i, without end: a set in memory repeats itself in an order of its own for each pass.</param>
    /// <param name="progress">Told every 50 updates.</param>
    /// <param name="cancellation">Stops between updates.</param>
    /// <exception cref="InvalidDataException">The loss became NaN or infinite.</exception>
    public void Train(Func<long, PreferencePair> pairs, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        model.RequireGrad(true);
        var parameters = model.Parameters.Select(parameter => parameter.Tensor).ToArray();
        var loop = new TrainingLoop(options.Steps, options.LearningRate, options.Beta2, options.MaxGradientNorm);
        loop.Run(parameters, Batches(pairs), Loss, progress, cancellation);
        model.RequireGrad(false);
    }

    /// <summary>Share of pairs whose chosen response has the higher reward, by subset and (under the empty name) over all.</summary>
    public IReadOnlyDictionary<string, double> Accuracy(IReadOnlyList<PreferencePair> pairs)
    {
        var encoded = pairs.Select(pair => Group.Of([pair], Encode, PositionOf)).ToArray();
        var right = new double[pairs.Count];
        foreach (var batch in LengthBatches.Cut(Enumerable.Range(0, pairs.Count).ToArray(), i => encoded[i].Tokens, options.TokensPerBatch))
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var margins = Margins([.. batch.Select(i => encoded[i])]).cpu().data<float>().ToArray();
            for (var row = 0; row < batch.Length; row++) right[batch[row]] = margins[row] > 0 ? 1 : margins[row] == 0 ? 0.5 : 0;
        }

        var accuracies = new SortedDictionary<string, double>(StringComparer.Ordinal) { [""] = right.Average() };
        foreach (var subset in pairs.Select((pair, i) => (pair.Subset, Right: right[i])).Where(item => item.Subset is not null)
            .GroupBy(item => item.Subset!))
            accuracies[subset.Key] = subset.Average(item => item.Right);
        return accuracies;
    }

    /// <summary>
    /// Pairs of which a text is longer than <see cref="BradleyTerryOptions.MaxTokens"/> with its template, and loses its beginning.
    /// </summary>
    public int CutIn(IReadOnlyList<PreferencePair> pairs) =>
        pairs.Count(pair => Whole(pair.Prompt, pair.Chosen).Length > options.MaxTokens
            || Whole(pair.Prompt, pair.Rejected).Length > options.MaxTokens);

    /// <summary>
    /// A set in memory as the endless stream that <see cref="Train"/> takes: prompts in an order of their own for each pass, the pairs of
    /// a prompt together.
    /// </summary>
    public static Func<long, PreferencePair> Repeat(IReadOnlyList<PreferencePair> pairs, int seed)
    {
        var prompts = pairs.GroupBy(pair => pair.Prompt).Select(group => group.ToArray()).ToArray();
        var (pass, ordered) = (-1L, Array.Empty<PreferencePair>());
        return i =>
        {
            if (i / pairs.Count != pass)
            {
                pass = i / pairs.Count;
                ordered = [.. SeededRandom.From(seed, "preference pairs", pass).Permutation(prompts.Length)
                    .SelectMany(prompt => prompts[prompt])];
            }

            return ordered[i % pairs.Count];
        };
    }

    private IEnumerable<Group[]> Batches(Func<long, PreferencePair> pairs)
    {
        for (var pool = 0L; ; pool++)
        {
            var groups = new List<Group>();
            var current = new List<PreferencePair>();
            for (var i = 0; i < PoolSize; i++)
            {
                var pair = pairs((pool * PoolSize) + i);
                if (current.Count > 0 && current[0].Prompt != pair.Prompt) Close();
                current.Add(pair);
            }

            Close();
            var random = SeededRandom.From(options.Seed, "preference batches", pool);
            foreach (var batch in LengthBatches.Cut(groups, group => group.Tokens, options.TokensPerBatch, random)) yield return batch;

            void Close()
            {
                groups.Add(Group.Of(current, Encode, PositionOf));
                current.Clear();
            }
        }
    }

    /// <summary>The mean over rankings of -log sigmoid(r(chosen) - r(rejected)), each the mean over its pairs.</summary>
    private Tensor Loss(Group[] batch)
    {
        // A pair counts for those who agree and against those who do not, and a ranking as much as another.
        var (agree, disagree) = (new List<float>(), new List<float>());
        foreach (var group in batch)
        {
            var weight = 1.0 / (group.Pairs.Count * batch.Length);
            agree.AddRange(group.Pairs.Select(pair => (float)(weight * pair.Agreement)));
            disagree.AddRange(group.Pairs.Select(pair => (float)(weight * (1 - pair.Agreement))));
        }

        var logits = Margins(batch) * options.Scale;
        return -((nn.functional.logsigmoid(logits) * tensor(agree.ToArray(), device: model.Device))
            + (nn.functional.logsigmoid(-logits) * tensor(disagree.ToArray(), device: model.Device))).sum();
    }

    /// <summary>r(chosen) - r(rejected), [pairs].</summary>
    private Tensor Margins(Group[] batch)
    {
        var sequences = batch.SelectMany(group => group.Sequences).ToArray();
        var width = sequences.Max(sequence => sequence.Length);
        var (chosen, rejected) = (new List<long>(), new List<long>());
        var first = 0;
        foreach (var group in batch)
        {
            chosen.AddRange(group.Pairs.Select(pair => At(pair.Chosen)));
            rejected.AddRange(group.Pairs.Select(pair => At(pair.Rejected)));
            first += group.Sequences.Count;
        }

        var rewards = model.PositionRewards(sequences).flatten();
        return rewards.index_select(0, tensor(chosen.ToArray(), device: model.Device))
            - rewards.index_select(0, tensor(rejected.ToArray(), device: model.Device));

        long At(Place place) => ((long)(first + place.Sequence) * width) + place.Token;
    }

    private int[] Encode(string prompt, string response)
    {
        var ids = Whole(prompt, response);
        return ids.Length <= options.MaxTokens ? ids : ids[^options.MaxTokens..];
    }

    private int[] Whole(string prompt, string response) =>
        tokenizer.Encode(template.Wrap(new GoldItem(prompt, response)), template.AddsSpecialTokens);

    /// <summary>Where the trained model will be read: a text that ends in the padding id is read before it.</summary>
    private int PositionOf(int[] ids) => model.Form.Reading.PositionIn(ids, model.PadId);

    /// <summary>Where an answer's reward is read: the sequence that holds it and the token there.</summary>
    private readonly record struct Place(int Sequence, int Token);

    /// <summary>Answers to one prompt, each in one sequence, and the pairs among them.</summary>
    private sealed record Group(IReadOnlyList<int[]> Sequences, IReadOnlyList<(Place Chosen, Place Rejected, double Agreement)> Pairs)
    {
        /// <summary>Tokens the group takes in a batch, padding of the shorter included.</summary>
        public int Tokens { get; } = Sequences.Count * Sequences.Max(sequence => sequence.Length);

        public static Group Of(List<PreferencePair> pairs, Func<string, string, int[]> encode, Func<int[], int> position)
        {
            var sequences = new List<int[]>();
            var places = new Dictionary<string, Place>();
            // Longest first: what an answer begins with then has a sequence to be found in.
            var answers = pairs.SelectMany(pair => new[] { pair.Chosen, pair.Rejected }).Distinct()
                .Select(answer => (Text: answer, Ids: encode(pairs[0].Prompt, answer)));
            foreach (var (text, ids) in answers.OrderByDescending(answer => answer.Ids.Length))
            {
                var holder = sequences.FindIndex(sequence => sequence.AsSpan().StartsWith(ids));
                if (holder < 0)
                {
                    holder = sequences.Count;
                    sequences.Add(ids);
                }

                places[text] = new Place(holder, position(ids));
            }

            return new Group(sequences, [.. pairs.Select(pair => (places[pair.Chosen], places[pair.Rejected], pair.Agreement))]);
        }
    }
}
