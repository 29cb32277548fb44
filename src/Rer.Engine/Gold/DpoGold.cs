using Rer.Engine.Models;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Gold;

/// <summary>
/// The implicit reward of a policy trained by DPO (Rafailov et al. 2023, equation 5, without the part that depends on the query
/// alone): `beta · Σ (log π(token) - log π_ref(token))` over the response's tokens, the one that ends it included.
/// </summary>
/// <param name="name">Short name for plans and charts.</param>
/// <param name="policy">The policy; owned from here on.</param>
/// <param name="reference">What it was trained from, of the same vocabulary; owned from here on.</param>
/// <param name="tokenizer">The tokenizer of both.</param>
/// <param name="template">How query and response are wrapped.</param>
/// <param name="beta">DPO's beta: the reward's unit.</param>
internal sealed class DpoGold(string name, CausalLm policy, CausalLm reference, ITokenizer tokenizer, GoldTemplate template, double beta)
    : IGoldRewardModel
{
    /// <summary>Padded tokens a forward pass may hold.</summary>
    private const int TokenBudget = 4096;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public GoldScore[] Judge(IReadOnlyList<GoldItem> items, CancellationToken cancellation = default)
    {
        var sequences = items.Select(Encode).ToArray();
        var scores = new double[items.Count];
        foreach (var batch in LengthBatches.Cut(Enumerable.Range(0, items.Count).ToArray(), i => sequences[i].Ids.Length, TokenBudget))
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = batch.Select(i => sequences[i]).ToArray();
            var (chosen, kept) = (LogProbs(policy, rows), LogProbs(reference, rows));
            for (var row = 0; row < batch.Length; row++) scores[batch[row]] = beta * (chosen[row] - kept[row]);
        }
        return GoldScores.Checked(Name, items, scores, i => sequences[i].Cut);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        policy.Dispose();
        reference.Dispose();
    }

    /// <summary>
    /// The prompt's tokens and then the response's, encoded apart, as a policy meets them: no token spans the border. What is too long
    /// loses the prompt's beginning, and a response longer than the context its end.
    /// </summary>
    private (int[] Ids, int Prompt, bool Cut) Encode(GoldItem item)
    {
        var prompt = tokenizer.Encode(template.Prompt(item.Query), template.AddsSpecialTokens);
        var response = tokenizer.Encode(item.Response + template.AfterResponse, addSpecialTokens: false).ToList();
        if (tokenizer.EosId is { } eos && (response.Count == 0 || response[^1] != eos)) response.Add(eos);
        var context = Math.Min(policy.Config.MaxPositions, reference.Config.MaxPositions);
        var cut = prompt.Length + response.Count > context;
        if (response.Count > context - 1) response.RemoveRange(context - 1, response.Count - context + 1);
        var room = context - response.Count;
        if (prompt.Length > room) prompt = prompt[^room..];
        if (prompt.Length == 0)
            throw new InvalidDataException(
                $"gold reward model '{Name}': an empty prompt leaves the response's first token without a probability; a template helps.");
        return ([.. prompt, .. response], prompt.Length, cut);
    }

    /// <summary>Sum of the log-probabilities of each response's tokens.</summary>
    private static double[] LogProbs(CausalLm model, (int[] Ids, int Prompt, bool Cut)[] rows)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var width = rows.Max(row => row.Ids.Length);
        var ids = new long[rows.Length * width];
        var response = new long[rows.Length * (width - 1)];
        for (var row = 0; row < rows.Length; row++)
        {
            var tokens = rows[row].Ids;
            for (var t = 0; t < tokens.Length; t++) ids[(row * width) + t] = tokens[t];
            // Position t predicts token t + 1.
            for (var t = rows[row].Prompt - 1; t < tokens.Length - 1; t++) response[(row * (width - 1)) + t] = 1;
        }
        var matrix = tensor(ids, [rows.Length, width], device: model.Device);
        var mask = tensor(response, [rows.Length, width - 1], device: model.Device);
        // Padding stands behind the text, where causal attention never looks.
        var (logProbs, _) = model.TokenLogProbs(model.Hidden(matrix), matrix, mask);
        return [.. (logProbs * mask).sum(1).to(ScalarType.Float64).cpu().data<double>().ToArray()];
    }
}
