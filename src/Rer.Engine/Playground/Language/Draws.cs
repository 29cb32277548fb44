using Rer.Engine.Data;

namespace Rer.Engine.Playground.Language;

/// <summary>Draws that the generator needs beside those of <see cref="SeededRandom"/>.</summary>
internal static class Draws
{
    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public static int Next(this SeededRandom random, int low, int high) => low + random.Next(high - low);

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public static bool Chance(this SeededRandom random, double probability) => random.NextDouble() < probability;

    /// <summary>One of <paramref name="items"/>, uniformly.</summary>
    public static T Pick<T>(this SeededRandom random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>An index with probability proportional to its weight.</summary>
    public static int PickWeighted(this SeededRandom random, params ReadOnlySpan<double> weights)
    {
        var mark = random.NextDouble() * TotalOf(weights);
        for (var i = 0; i < weights.Length - 1; i++)
        {
            mark -= weights[i];
            if (mark < 0) return i;
        }

        return weights.Length - 1;
    }

    /// <summary>The items in a uniformly random order.</summary>
    public static T[] Shuffled<T>(this SeededRandom random, IReadOnlyList<T> items) =>
        [.. random.Permutation(items.Count).Select(i => items[i])];

    private static double TotalOf(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights) total += weight;
        return total;
    }
}
