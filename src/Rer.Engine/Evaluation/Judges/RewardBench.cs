using Rer.Engine.Data.Preferences;
using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Evaluation.Judges;

/// <summary>How often a reward model puts the chosen response of a pair above the rejected one (Lambert et al. 2024).</summary>
public sealed record RewardBench
{
    /// <summary>Share of all pairs told right, equal rewards half, [0, 1], with its bootstrap interval over pairs.</summary>
    public required Interval Accuracy { get; init; }

    /// <summary>The same by subset, in the order of names; pairs without one stand under the empty name.</summary>
    public required IReadOnlyDictionary<string, Interval> BySubset { get; init; }

    /// <summary>Mean of the subsets' accuracies, each counting once however many pairs it has.</summary>
    public required double SubsetMean { get; init; }

    /// <summary>Judges a model by its rewards of a set's pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="chosen">The model's reward of each chosen response.</param>
    /// <param name="rejected">The model's reward of each rejected response.</param>
    /// <param name="seed">Decides the bootstrap's draws.</param>
    public static RewardBench From(PreferenceSet pairs, IReadOnlyList<double> chosen, IReadOnlyList<double> rejected, int seed = 0)
    {
        if (chosen.Count != pairs.Count || rejected.Count != pairs.Count)
            throw new ArgumentException(
                $"{pairs.Count} pairs, {chosen.Count} rewards of chosen and {rejected.Count} of rejected responses: one of each a pair.",
                nameof(chosen));
        double[] right = [.. chosen.Zip(rejected, (better, worse) => better > worse ? 1.0 : better < worse ? 0.0 : 0.5)];
        var bySubset = Enumerable.Range(0, pairs.Count)
            .GroupBy(i => pairs.Pairs[i].Subset ?? "")
            .OrderBy(subset => subset.Key, StringComparer.Ordinal)
            .ToDictionary(subset => subset.Key, subset => Bootstrap.Interval([.. subset.Select(i => right[i])], seed: seed));
        return new RewardBench
        {
            Accuracy = Bootstrap.Interval(right, seed: seed),
            BySubset = bySubset,
            SubsetMean = bySubset.Values.Average(interval => interval.Mean),
        };
    }
}
