using Rer.Engine.Evaluation.Statistics;

namespace Rer.Engine.Evaluation.Judges;

/// <summary>
/// How often one policy's responses are preferred to another's (or to the references), query by query; a tie is half a win.
/// </summary>
public sealed record WinRate
{
    // Keeps the fit finite where one side wins every time; too small to be seen otherwise.
    private const double Ridge = 0.01;

    /// <summary>Share of the queries won, ties half, [0, 1].</summary>
    public required Interval Plain { get; init; }

    /// <summary>
    /// The share that would be won at equal lengths: the intercept of a logistic regression of the outcomes on tanh(length difference /
    /// its root mean square), after Dubois et al. 2024. Without their term for each query's difficulty, which one pair of policies does
    /// not tell.
    /// </summary>
    public required Interval LengthControlled { get; init; }

    /// <summary>Queries won.</summary>
    public required int Wins { get; init; }

    /// <summary>Queries tied.</summary>
    public required int Ties { get; init; }

    /// <summary>Compares rewards of the same queries; equal rewards tie.</summary>
    /// <param name="rewards">Rewards of the policy's responses.</param>
    /// <param name="baseline">Rewards of the responses it is held against.</param>
    /// <param name="lengthDifferences">Length of each response less that of its opponent, in any one unit.</param>
    /// <param name="seed">Decides the bootstrap's draws.</param>
    public static WinRate FromRewards(
        IReadOnlyList<double> rewards, IReadOnlyList<double> baseline, IReadOnlyList<double> lengthDifferences, int seed = 0)
    {
        if (rewards.Count != baseline.Count)
            throw new ArgumentException(
                $"{rewards.Count} and {baseline.Count} rewards cannot be compared: both sides answer the same queries.", nameof(baseline));
        double[] outcomes = [.. rewards.Zip(baseline, (ours, theirs) => ours > theirs ? 1.0 : ours < theirs ? 0.0 : 0.5)];
        return FromOutcomes(outcomes, lengthDifferences, seed);
    }

    /// <summary>Sums up outcomes: 1 is a win, 0 a loss; a judge asked in both orders gives the mean of its two answers.</summary>
    /// <param name="outcomes">One a query, in [0, 1].</param>
    /// <param name="lengthDifferences">Length of each response less that of its opponent, in any one unit.</param>
    /// <param name="seed">Decides the bootstrap's draws.</param>
    public static WinRate FromOutcomes(IReadOnlyList<double> outcomes, IReadOnlyList<double> lengthDifferences, int seed = 0)
    {
        if (outcomes.Count != lengthDifferences.Count)
            throw new ArgumentException(
                $"{outcomes.Count} outcomes and {lengthDifferences.Count} length differences: one of each a query.",
                nameof(lengthDifferences));
        foreach (var outcome in outcomes)
            if (outcome is not (>= 0 and <= 1))
                throw new ArgumentException($"An outcome of {outcome} is outside [0, 1].", nameof(outcomes));
        var plain = Bootstrap.Interval(outcomes, seed: seed);
        var spread = Math.Sqrt(lengthDifferences.Sum(difference => difference * difference) / lengthDifferences.Count);
        double[] lengths = [.. lengthDifferences.Select(difference => spread == 0 ? 0 : Math.Tanh(difference / spread))];
        return new WinRate
        {
            Plain = plain,
            LengthControlled = Bootstrap.Interval(outcomes.Count, queries => AtEqualLength(outcomes, lengths, queries), seed: seed),
            Wins = outcomes.Count(outcome => outcome > 0.5),
            Ties = outcomes.Count(outcome => outcome == 0.5),
        };
    }

    // Newton's method on the two coefficients of the penalised likelihood, over some of the queries, some of them several times.
    private static double AtEqualLength(IReadOnlyList<double> outcomes, double[] lengths, int[] queries)
    {
        var (intercept, slope) = (0.0, 0.0);
        for (var iteration = 0; iteration < 50; iteration++)
        {
            var (gradient0, gradient1) = (-Ridge * intercept, -Ridge * slope);
            var (curve00, curve01, curve11) = (Ridge, 0.0, Ridge);
            foreach (var query in queries)
            {
                var length = lengths[query];
                var expected = Sigmoid(intercept + slope * length);
                var (error, weight) = (outcomes[query] - expected, expected * (1 - expected));
                gradient0 += error;
                gradient1 += error * length;
                curve00 += weight;
                curve01 += weight * length;
                curve11 += weight * length * length;
            }

            var determinant = curve00 * curve11 - curve01 * curve01;
            var step0 = (curve11 * gradient0 - curve01 * gradient1) / determinant;
            var step1 = (curve00 * gradient1 - curve01 * gradient0) / determinant;
            // Whole steps overshoot where nearly everything is won.
            var scale = Math.Min(1, 2 / Math.Max(1e-12, Math.Max(Math.Abs(step0), Math.Abs(step1))));
            intercept += scale * step0;
            slope += scale * step1;
            if (Math.Abs(step0) + Math.Abs(step1) < 1e-10) break;
        }

        return Sigmoid(intercept);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
