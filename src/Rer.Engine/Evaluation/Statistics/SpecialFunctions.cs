namespace Rer.Engine.Evaluation.Statistics;

/// <summary>The distribution functions that p-values need.</summary>
internal static class SpecialFunctions
{
    private const double Epsilon = 1e-16;
    private const double Tiny = 1e-300;

    // Lanczos' approximation with g = 7 (Godfrey's coefficients): relative error below 1e-14 for positive arguments.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>
    /// Probability that the correlation of two unrelated normal samples is at least as far from 0 as <paramref name="correlation"/>:
    /// Student's t with n - 2 degrees of freedom, two-sided.
    /// </summary>
    public static double CorrelationPValue(double correlation, int degreesOfFreedom)
    {
        // P(|T| > t) = I_x(df / 2, 1 / 2) with x = df / (df + t^2), which for t = r sqrt(df / (1 - r^2)) is 1 - r^2.
        var square = correlation * correlation;
        return RegularizedBeta((1 - correlation) * (1 + correlation), square, degreesOfFreedom / 2.0, 0.5);
    }

    /// <summary>The regularised incomplete beta function I_x(a, b).</summary>
    /// <param name="x">In [0, 1].</param>
    /// <param name="complement">1 - x, given apart to keep its digits.</param>
    /// <param name="a">Positive.</param>
    /// <param name="b">Positive.</param>
    public static double RegularizedBeta(double x, double complement, double a, double b)
    {
        if (x <= 0) return 0;
        if (complement <= 0) return 1;
        // The continued fraction converges quickly on this side only.
        if (x > (a + 1) / (a + b + 2)) return 1 - RegularizedBeta(complement, x, b, a);
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(complement));
        return front / a * BetaFraction(x, a, b);
    }

    /// <summary>The logarithm of the gamma function, for positive arguments.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5) return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x - 1 + i);
        var shifted = x + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(shifted) - shifted + Math.Log(sum);
    }

    // Lentz's method for the fraction of Abramowitz & Stegun 26.5.8.
    private static double BetaFraction(double x, double a, double b)
    {
        var (c, d) = (1.0, 1 / AwayFromZero(1 - (a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m < 1000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / AwayFromZero(1 + even * d);
            c = AwayFromZero(1 + even / c);
            fraction *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / AwayFromZero(1 + odd * d);
            c = AwayFromZero(1 + odd / c);
            fraction *= c * d;
            if (Math.Abs(c * d - 1) < Epsilon) break;
        }

        return fraction;
    }

    private static double AwayFromZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
