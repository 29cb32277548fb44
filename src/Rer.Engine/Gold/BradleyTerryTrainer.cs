using System.Diagnostics;
using Rer.Engine.Data;
using Rer.Engine.Models;
using Rer.Engine.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// Fits a reward model to preference pairs with the Bradley-Terry loss (Bradley &amp; Terry 1952; Stiennon et al. 2020, equation 1):
/// -log sigmoid(r(chosen) - r(rejected)), all weights trained.
/// </summary>
/// <param name="model">The model; updated in place.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How query and response are wrapped.</param>
/// <param name="options">Options.</param>
public sealed class BradleyTerryTrainer(RewardModel model, ITokenizer tokenizer, GoldTemplate template, BradleyTerryOptions options)
{
    /// <summary>Pairs that are sorted by length together.</summary>
    private const int PoolSize = 1024;

    /// <summary>Updates between reports of progress.</summary>
    private const int ReportEvery = 50;

    /// <summary>Trains for <see cref="BradleyTerryOptions.Steps"/> updates.</summary>
    /// <param name="pairs">Pair number i, without end: a set in memory repeats itself in an order of its own for each pass.</param>
    /// <param name="progress">Told every 50 updates.</param>
    /// <param name="cancellation">Stops between updates.</param>
    /// <exception cref="InvalidDataException">The loss became NaN or infinite.</exception>
    public void Train(Func<long, PreferencePair> pairs, Action<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var parameters = model.Parameters.Select(parameter => parameter.Tensor.requires_grad_(true)).ToArray();
        using var optimizer = new Adam(parameters, beta2: options.Beta2);
        var schedule = new CosineSchedule(options.LearningRate, options.Steps, Math.Max(1, options.Steps / 20));
        var started = Stopwatch.GetTimestamp();
        var losses = new List<double>();
        using var batches = Batches(pairs).GetEnumerator();
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            batches.MoveNext();
            losses.Add(Update(optimizer, batches.Current, schedule.At(step), step));
            if ((step + 1) % ReportEvery != 0 && step + 1 != options.Steps) continue;
            progress?.Invoke(new TrainingProgress(step + 1, options.Steps, losses.Average(), Stopwatch.GetElapsedTime(started)));
            losses.Clear();
        }

        foreach (var parameter in parameters) parameter.requires_grad_(false);
    }

    /// <summary>Share of pairs whose chosen response has the higher reward, by subset and (under the empty name) over all.</summary>
    public IReadOnlyDictionary<string, double> Accuracy(IReadOnlyList<PreferencePair> pairs)
    {
        var encoded = pairs.Select(Encode).ToArray();
        var right = new double[pairs.Count];
        foreach (var batch in LengthBatches.Cut(Enumerable.Range(0, pairs.Count).ToArray(), i => encoded[i].Length, options.TokensPerBatch))
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            var margins = Margins([.. batch.Select(i => encoded[i])]).cpu().data<float>().ToArray();
            for (var row = 0; row < batch.Length; row++) right[batch[row]] = margins[row] > 0 ? 1 : margins[row] == 0 ? 0.5 : 0;
        }

        var accuracies = new SortedDictionary<string, double>(StringComparer.Ordinal) { [""] = right.Average() };
        foreach (var subset in pairs.Select((pair, i) => (pair.Subset, Right: right[i])).Where(item => item.Subset is not null).GroupBy(item => item.Subset!))
            accuracies[subset.Key] = subset.Average(item => item.Right);
        return accuracies;
    }

    /// <summary>A set in memory as the endless stream that <see cref="Train"/> takes.</summary>
    public static Func<long, PreferencePair> Repeat(IReadOnlyList<PreferencePair> pairs, int seed)
    {
        var (pass, order) = (-1L, Array.Empty<int>());
        return i =>
        {
            if (i / pairs.Count != pass) (pass, order) = (i / pairs.Count, SeededRandom.From(seed, "preference pairs", i / pairs.Count).Permutation(pairs.Count));
            return pairs[order[i % pairs.Count]];
        };
    }

    private IEnumerable<EncodedPair[]> Batches(Func<long, PreferencePair> pairs)
    {
        for (var pool = 0L; ; pool++)
        {
            var encoded = Enumerable.Range(0, PoolSize).Select(i => Encode(pairs((pool * PoolSize) + i))).ToArray();
            var random = SeededRandom.From(options.Seed, "preference batches", pool);
            foreach (var batch in LengthBatches.Cut(encoded, pair => pair.Length, options.TokensPerBatch, random)) yield return batch;
        }
    }

    private double Update(Adam optimizer, EncodedPair[] batch, double learningRate, int step)
    {
        using var scope = NewDisposeScope();
        optimizer.ZeroGrad();
        var loss = -nn.functional.logsigmoid(Margins(batch) * options.Scale).mean();
        var value = loss.ToDouble();
        if (!double.IsFinite(value)) throw new InvalidDataException($"update {step + 1}: the loss is {value}. A learning rate below {options.LearningRate:g2} helps.");
        loss.backward();
        optimizer.GradientNorm(options.MaxGradientNorm);
        optimizer.Step(learningRate);
        return value;
    }

    /// <summary>r(chosen) - r(rejected), [pairs].</summary>
    private Tensor Margins(EncodedPair[] batch)
    {
        var sequences = batch.Select(pair => pair.Chosen).Concat(batch.Select(pair => pair.Rejected)).ToArray();
        var rewards = model.PositionRewards(sequences);
        var last = tensor(Array.ConvertAll(sequences, sequence => (long)sequence.Length - 1), [sequences.Length, 1], device: model.Device);
        var scores = rewards.gather(1, last).squeeze(1);
        return scores.narrow(0, 0, batch.Length) - scores.narrow(0, batch.Length, batch.Length);
    }

    private EncodedPair Encode(PreferencePair pair) => new(Encode(pair.Prompt, pair.Chosen), Encode(pair.Prompt, pair.Rejected));

    private int[] Encode(string prompt, string response)
    {
        var ids = tokenizer.Encode(template.Wrap(new GoldItem(prompt, response)));
        return ids.Length <= options.MaxTokens ? ids : ids[^options.MaxTokens..];
    }

    private sealed record EncodedPair(int[] Chosen, int[] Rejected)
    {
        /// <summary>Tokens the pair takes in a batch, padding of the shorter included.</summary>
        public int Length => 2 * Math.Max(Chosen.Length, Rejected.Length);
    }
}
