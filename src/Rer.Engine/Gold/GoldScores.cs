namespace Rer.Engine.Gold;

/// <summary>What holds for the scores of every gold reward model.</summary>
public static class GoldScores
{
    /// <summary>Characters of an item that messages show.</summary>
    private const int Excerpt = 80;

    /// <summary>The rewards alone, one for each query and response, in order.</summary>
    /// <exception cref="InvalidDataException">The model returned NaN or infinity; the message names the item.</exception>
    public static double[] Score(this IGoldRewardModel gold, IReadOnlyList<GoldItem> items, CancellationToken cancellation = default) =>
        Array.ConvertAll(gold.Judge(items, cancellation), score => score.Reward);

    /// <summary>The judgements, one for each item and all their rewards numbers.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="items">What was judged.</param>
    /// <param name="scores">The rewards.</param>
    /// <param name="cut">Whether item number i was read only in part.</param>
    /// <exception cref="InvalidDataException">A score is NaN or infinite; the message names the item.</exception>
    internal static GoldScore[] Checked(string name, IReadOnlyList<GoldItem> items, double[] scores, Func<int, bool?> cut)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsFinite(scores[i]))
                throw new InvalidDataException(
                    $"gold reward model '{name}': item {i} ('{Shorten(items[i].Query)}', answered '{Shorten(items[i].Response)}') has the "
                        + $"reward {scores[i]}.");
        }
        return [.. scores.Select((score, i) => new GoldScore(score, cut(i)))];
    }

    private static string Shorten(string text) => text.Length <= Excerpt ? text : text[..Excerpt] + "...";
}
