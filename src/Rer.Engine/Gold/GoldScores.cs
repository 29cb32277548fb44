namespace Rer.Engine.Gold;

/// <summary>What holds for the scores of every gold reward model.</summary>
internal static class GoldScores
{
    /// <summary>Characters of an item that messages show.</summary>
    private const int Excerpt = 80;

    /// <summary>The scores, one for each item and all of them numbers.</summary>
    /// <exception cref="InvalidDataException">A score is NaN or infinite; the message names the item.</exception>
    public static double[] Checked(string name, IReadOnlyList<GoldItem> items, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsFinite(scores[i]))
                throw new InvalidDataException($"gold reward model '{name}': item {i} ('{Shorten(items[i].Query)}', answered '{Shorten(items[i].Response)}') has the reward {scores[i]}.");
        }
        return scores;
    }

    private static string Shorten(string text) => text.Length <= Excerpt ? text : text[..Excerpt] + "...";
}
