using Rer.Engine.Models;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>A gold reward model that is an encoder with a classification head.</summary>
/// <param name="name">Short name for plans and charts.</param>
/// <param name="model">The checkpoint; owned from here on.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How query and response make one text; null encodes them as a pair of texts, as such models are trained.</param>
internal sealed class EncoderGold(string name, EncoderRewardModel model, ITokenizer tokenizer, GoldTemplate? template) : IGoldRewardModel
{
    /// <summary>Padded tokens a forward pass may hold.</summary>
    private const int TokenBudget = 8192;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public GoldScore[] Judge(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default)
    {
        var encoded = items.Select(Encode).ToArray();
        var scores = new double[items.Count];
        foreach (var batch in LengthBatches.Cut(Enumerable.Range(0, items.Count).ToArray(), i => encoded[i].Text.Ids.Length, TokenBudget))
        {
            cancellation.ThrowIfCancellationRequested();
            var rewards = Rewards([.. batch.Select(i => encoded[i].Text)]);
            for (var row = 0; row < batch.Length; row++) scores[batch[row]] = rewards[row];
        }
        return GoldScores.Checked(Name, items, scores, i => encoded[i].Cut);
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    /// <summary>What is too long loses tokens of the texts from the front, the query's first; the special tokens stay.</summary>
    private (EncodedPair Text, bool Cut) Encode(GoldItem item)
    {
        EncodedPair encoded;
        if (template is null)
        {
            encoded = tokenizer.EncodePair(item.Query, item.Response);
        }
        else
        {
            var ids = tokenizer.Encode(template.Wrap(item), template.AddsSpecialTokens);
            var bare = tokenizer.Encode(template.Wrap(item), addSpecialTokens: false);
            var lead = template.AddsSpecialTokens && ids.Length > bare.Length ? 1 : 0;
            encoded =
                new EncodedPair(ids, new int[ids.Length], [.. ids.Select((_, i) => i < lead || (lead > 0 && i == ids.Length - 1) ? 1 : 0)]);
        }
        var surplus = encoded.Ids.Length - model.Config.MaxTokens;
        if (surplus <= 0) return (encoded, false);
        var kept = new List<int>();
        for (var i = 0; i < encoded.Ids.Length; i++)
        {
            if (encoded.SpecialTokensMask[i] == 0 && surplus-- > 0) continue;
            kept.Add(i);
        }
        var part = new EncodedPair(
            [.. kept.Select(i => encoded.Ids[i])], [.. kept.Select(i => encoded.TypeIds[i])],
            [.. kept.Select(i => encoded.SpecialTokensMask[i])]);
        return (part, true);
    }

    private float[] Rewards(EncodedPair[] batch)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var width = batch.Max(row => row.Ids.Length);
        var (ids, mask, types) = (new long[batch.Length * width], new long[batch.Length * width], new long[batch.Length * width]);
        for (var row = 0; row < batch.Length; row++)
        {
            for (var t = 0; t < width; t++)
            {
                var (at, isToken) = ((row * width) + t, t < batch[row].Ids.Length);
                ids[at] = isToken ? batch[row].Ids[t] : model.Config.PadId;
                mask[at] = isToken ? 1 : 0;
                types[at] = isToken ? batch[row].TypeIds[t] : 0;
            }
        }
        Tensor Matrix(long[] values) => tensor(values, [batch.Length, width], device: model.Device);
        return model.Rewards(Matrix(ids), Matrix(mask), Matrix(types)).cpu().data<float>().ToArray();
    }
}
