using Rer.Engine.Data;

namespace Rer.Engine.Models;

/// <summary>Batches of sequences of like length, within a budget of padded tokens: little of a pass is padding.</summary>
internal static class LengthBatches
{
    /// <summary>
    /// Cuts <paramref name="items"/> into batches whose padded size (longest times count) stays within the budget; one item that is
    /// larger goes alone. Within the list the order is by length; the batches themselves come in an order drawn from
    /// <paramref name="random"/>, or by length where it is null.
    /// </summary>
    /// <param name="items">What to batch.</param>
    /// <param name="length">Tokens of an item.</param>
    /// <param name="tokenBudget">Padded tokens that a batch may hold.</param>
    /// <param name="random">Draws the order of the batches.</param>
    public static IReadOnlyList<T[]> Cut<T>(IReadOnlyList<T> items, Func<T, int> length, int tokenBudget, SeededRandom? random = null)
    {
        var batches = new List<T[]>();
        var current = new List<T>();
        foreach (var item in items.OrderBy(length))
        {
            // Ascending: the newest item is the longest.
            if (current.Count > 0 && length(item) * (current.Count + 1) > tokenBudget)
            {
                batches.Add([.. current]);
                current.Clear();
            }

            current.Add(item);
        }

        if (current.Count > 0) batches.Add([.. current]);
        return random is null ? batches : [.. random.Permutation(batches.Count).Select(i => batches[i])];
    }
}
