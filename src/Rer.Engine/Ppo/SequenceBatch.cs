using static TorchSharp.torch;

namespace Rer.Engine.Ppo;

/// <summary>Some sequences of a batch as a forward pass wants them: right-padded, with the places that predict response tokens.</summary>
/// <param name="Ids">Prompt and response, `[sequences, tokens]`.</param>
/// <param name="AttentionMask">1 on tokens, 0 on padding, `[sequences, tokens]`.</param>
/// <param name="Positions">Rows of the flattened `[sequences * tokens]` that predict the response tokens, `[response tokens]`.</param>
/// <param name="Labels">The response tokens, `[response tokens]`.</param>
internal sealed record SequenceBatch(Tensor Ids, Tensor AttentionMask, Tensor Positions, Tensor Labels)
{
    /// <summary>Lays out <paramref name="sequences"/> of <paramref name="rollouts"/>.</summary>
    public static SequenceBatch From(Rollouts rollouts, IReadOnlyList<int> sequences, Device device)
    {
        var width = sequences.Max(i => rollouts.Prompts[i].Length + rollouts.Responses[i].Length);
        var ids = new long[sequences.Count * width];
        var mask = new long[sequences.Count * width];
        var positions = new List<long>();
        var labels = new List<long>();
        for (var row = 0; row < sequences.Count; row++)
        {
            var (prompt, response) = (rollouts.Prompts[sequences[row]], rollouts.Responses[sequences[row]]);
            var start = row * width;
            for (var t = 0; t < prompt.Length; t++) ids[start + t] = prompt[t];
            for (var t = 0; t < response.Length; t++)
            {
                ids[start + prompt.Length + t] = response[t];
                positions.Add(start + prompt.Length + t - 1); // the position before a token predicts it
                labels.Add(response[t]);
            }

            Array.Fill(mask, 1, start, prompt.Length + response.Length);
        }

        return new SequenceBatch(
            tensor(ids, [sequences.Count, width], device: device),
            tensor(mask, [sequences.Count, width], device: device),
            tensor(positions.ToArray(), device: device),
            tensor(labels.ToArray(), device: device));
    }

    /// <summary>
    /// Cuts <paramref name="sequences"/> into runs whose padded size stays within <paramref name="tokenBudget"/>; a single unit that is
    /// larger goes alone. <paramref name="unit"/> consecutive sequences are never parted.
    /// </summary>
    public static IEnumerable<int[]> Pack(Rollouts rollouts, IReadOnlyList<int> sequences, int unit, int tokenBudget)
    {
        var current = new List<int>();
        var longest = 0;
        foreach (var part in sequences.Chunk(unit))
        {
            var partLongest = part.Max(i => rollouts.Prompts[i].Length + rollouts.Responses[i].Length);
            if (current.Count > 0 && Math.Max(longest, partLongest) * (current.Count + part.Length) > tokenBudget)
            {
                yield return [.. current];
                current.Clear();
                longest = 0;
            }

            current.AddRange(part);
            longest = Math.Max(longest, partLongest);
        }

        if (current.Count > 0) yield return [.. current];
    }
}
