namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>Sentence BLEU (Papineni et al. 2002) with uniform weights over the n-gram orders.</summary>
public static class Bleu
{
    /// <summary>Added to a precision's numerator where it is 0: smoothing method 1 of Chen &amp; Cherry 2014.</summary>
    public const double Smoothing = 0.1;

    /// <summary>BLEU of a hypothesis against references, in [0, 1]; 0 where not one word is shared.</summary>
    /// <param name="references">Tokens of each reference.</param>
    /// <param name="hypothesis">Tokens of the hypothesis.</param>
    /// <param name="order">Longest n-gram. Default 4.</param>
    /// <param name="smoothing">See <see cref="Smoothing"/>; 0 smoothes nothing.</param>
    public static double Sentence(
        IReadOnlyList<IReadOnlyList<string>> references, IReadOnlyList<string> hypothesis, int order = 4, double smoothing = Smoothing)
    {
        var texts = CountedText.Of([hypothesis, .. references], order);
        return Sentence(texts[1..], texts[0], order, smoothing);
    }

    internal static double Sentence(IReadOnlyList<CountedText> references, CountedText hypothesis, int order, double smoothing = Smoothing)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        if (references.Count == 0) throw new ArgumentException("BLEU needs at least one reference.", nameof(references));
        var logSum = 0.0;
        for (var n = 1; n <= order; n++)
        {
            // Each n-gram counts as often as the reference richest in it holds it.
            var matched = hypothesis.Counts(n).Sum(
                entry => Math.Min(entry.Value, references.Max(reference => reference.CountOf(entry.Key, n))));
            if (matched == 0 && n == 1) return 0;
            logSum += Math.Log((matched == 0 ? smoothing : matched) / Math.Max(1, hypothesis.Total(n)));
        }

        return BrevityPenalty(references, hypothesis.Length) * Math.Exp(logSum / order);
    }

    // Against the reference nearest in length, the shorter of two that are equally near.
    private static double BrevityPenalty(IReadOnlyList<CountedText> references, int length)
    {
        var nearest = references.Select(reference => reference.Length).OrderBy(count => (Math.Abs(count - length), count)).First();
        return length >= nearest ? 1 : Math.Exp(1 - (double)nearest / length);
    }
}
