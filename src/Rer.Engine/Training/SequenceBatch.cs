using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>Some sequences of a batch as a forward pass wants them: end to end, with the positions that predict response tokens.</summary>
/// <param name="Ids">Prompts and responses, `[1, tokens]`.</param>
/// <param name="Lengths">Tokens in each sequence.</param>
/// <param name="Positions">Where in the row the response tokens are predicted, `[response tokens]`.</param>
/// <param name="Labels">The response tokens, `[response tokens]`.</param>
internal sealed record SequenceBatch(Tensor Ids, int[] Lengths, Tensor Positions, Tensor Labels)
{
    /// <summary>Lays out <paramref name="sequences"/> of <paramref name="rollouts"/>.</summary>
    public static SequenceBatch From(RolloutBatch rollouts, IReadOnlyList<int> sequences, Device device)
    {
        var (ids, positions, labels) = (new List<long>(), new List<long>(), new List<long>());
        foreach (var i in sequences)
        {
            foreach (var id in rollouts.Prompts[i]) ids.Add(id);
            foreach (var id in rollouts.Responses[i])
            {
                positions.Add(ids.Count - 1); // the position before a token predicts it
                labels.Add(id);
                ids.Add(id);
            }
        }

        return new SequenceBatch(
            tensor(ids.ToArray(), device: device).unsqueeze(0),
            [.. sequences.Select(rollouts.Length)],
            tensor(positions.ToArray(), device: device),
            tensor(labels.ToArray(), device: device));
    }

    /// <summary>
    /// Cuts <paramref name="sequences"/> into runs of at most <paramref name="tokenBudget"/> tokens; a single unit that is larger goes
    /// alone. <paramref name="unit"/> consecutive sequences are never parted.
    /// </summary>
    public static IEnumerable<int[]> Pack(RolloutBatch rollouts, IReadOnlyList<int> sequences, int unit, int tokenBudget)
    {
        var current = new List<int>();
        var tokens = 0;
        foreach (var part in sequences.Chunk(unit))
        {
            var more = part.Sum(rollouts.Length);
            if (current.Count > 0 && tokens + more > tokenBudget)
            {
                yield return [.. current];
                current.Clear();
                tokens = 0;
            }

            current.AddRange(part);
            tokens += more;
        }

        if (current.Count > 0) yield return [.. current];
    }
}
