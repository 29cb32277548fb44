namespace Rer.Engine.Evaluation.Statistics;

/// <summary>How far one series of checkpoint means rises with another.</summary>
/// <param name="Points">Number of checkpoints.</param>
/// <param name="Rho">Spearman's rho; NaN where it is not defined.</param>
/// <param name="PValue">Its p-value by the t approximation.</param>
/// <param name="ExactPValue">Its p-value over all orders; null above nine checkpoints.</param>
/// <param name="Tau">Kendall's tau-b.</param>
public sealed record RankRelation(int Points, double Rho, double PValue, double? ExactPValue, double Tau)
{
    /// <summary>The p-value that decides: the exact one where it is known, since the approximation is far off for a few points.</summary>
    public double DecisivePValue => ExactPValue ?? PValue;

    /// <summary>The relation of two series of equal length.</summary>
    public static RankRelation Of(IReadOnlyList<double> proxy, IReadOnlyList<double> gold)
    {
        var (rho, pValue) = Correlation.Spearman(proxy, gold);
        double? exact = proxy.Count <= Correlation.LongestExact ? Correlation.SpearmanExactP(proxy, gold) : null;
        return new RankRelation(proxy.Count, rho, pValue, exact, Correlation.KendallTau(proxy, gold));
    }
}
