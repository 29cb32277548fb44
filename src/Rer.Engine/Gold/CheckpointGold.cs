using Rer.Engine.Models;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>A gold reward model on a language model's backbone: a checkpoint on this machine.</summary>
/// <param name="name">Short name for plans and charts.</param>
/// <param name="model">The checkpoint; owned from here on.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How it expects query and response to be wrapped.</param>
public sealed class CheckpointGold(string name, RewardModel model, ITokenizer tokenizer, GoldTemplate template) : IGoldRewardModel
{
    /// <summary>Padded tokens held at a time, by all forward passes together.</summary>
    private const int TokenBudget = 8192;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public GoldScore[] Judge(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default)
    {
        var encoded = items.Select(Encode).ToArray();
        var sequences = Array.ConvertAll(encoded, text => text.Ids);
        var scores = new double[items.Count];
        var degree = DataParallel.Degree(model.Device);
        var batches = LengthBatches.Cut(Enumerable.Range(0, items.Count).ToArray(), i => sequences[i].Length, TokenBudget / degree);
        var parts = DataParallel.Split(batches, batch => batch.Length * (long)sequences[batch[^1]].Length, degree);
        DataParallel.Run(parts.Length, part =>
        {
            foreach (var batch in parts[part])
            {
                cancellation.ThrowIfCancellationRequested();
                Score(batch);
            }
        });
        return GoldScores.Checked(Name, items, scores, i => encoded[i].Cut);

        void Score(int[] batch)
        {
            var rewards = Rewards(Array.ConvertAll(batch, i => sequences[i]));
            for (var row = 0; row < batch.Length; row++)
                scores[batch[row]] = model.Form.Reading.Score(sequences[batch[row]], rewards[row], model.PadId);
        }
    }

    /// <summary>The reward read at every token of the wrapped text, in one pass: how the judgement moves as the response goes on.</summary>
    public IReadOnlyList<PrefixReward> PrefixRewards(GoldItem item)
    {
        var (ids, _) = Encode(item);
        var rewards = Rewards([ids])[0];
        return [.. ids.Select((id, i) => new PrefixReward(tokenizer.Decode([id], skipSpecialTokens: false), rewards[i]))];
    }

    /// <summary>Token ids of the wrapped text; what is too long loses its beginning, so that the response's end is always read.</summary>
    private (int[] Ids, bool Cut) Encode(GoldItem item)
    {
        var ids = tokenizer.Encode(template.Wrap(item), template.AddsSpecialTokens);
        if (ids.Length == 0)
            throw new InvalidDataException($"gold reward model '{Name}': query and response make no token under its tokenizer.");
        return ids.Length <= model.Config.MaxPositions ? (ids, false) : (ids[^model.Config.MaxPositions..], true);
    }

    private float[][] Rewards(int[][] sequences)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var rewards = model.PositionRewards(sequences).cpu();
        var width = (int)rewards.shape[1];
        return [.. rewards.data<float>().ToArray().Chunk(width)];
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
