namespace Rer.Engine.Data.Prompts;

/// <summary>
/// The order in which prompts are trained on: one seeded permutation of the set after another. A batch is a pure function of
/// (seed, step), so a resumed run needs no saved position.
/// </summary>
/// <param name="count">Prompts in the set, at least one.</param>
/// <param name="batchSize">Prompts a step.</param>
/// <param name="seed">Seed of the permutations.</param>
internal sealed class PromptOrder(int count, int batchSize, int seed)
{
    private (long Epoch, int[] Permutation) _cached = (-1, []);

    /// <summary>Indices of the prompts of step <paramref name="step"/>, from 0.</summary>
    public int[] Batch(long step)
    {
        var batch = new int[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            var position = step * batchSize + i;
            batch[i] = Permutation(position / count)[position % count];
        }

        return batch;
    }

    private int[] Permutation(long epoch)
    {
        if (_cached.Epoch != epoch) _cached = (epoch, SeededRandom.From(seed, "prompt order", epoch).Permutation(count));
        return _cached.Permutation;
    }
}
