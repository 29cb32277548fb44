using System.Globalization;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>Repetition penalty: distinct trigrams over all trigrams, in (0, 1]; 1 below three words.</summary>
/// <remarks>Kim &amp; Seo 2024, section 3: discourages a policy that lengthens by repeating itself.</remarks>
public sealed class RepetitionPenalty : IRewardFeature
{
    /// <inheritdoc/>
    public string Symbol => "RP";

    /// <inheritdoc/>
    public string Name => "repetition penalty";

    /// <inheritdoc/>
    public string ShortName => "no repetition";

    /// <inheritdoc/>
    public string Formula => "distinct trigrams / trigrams";

    /// <inheritdoc/>
    public string ShortFormula => "distinct trigrams";

    /// <inheritdoc/>
    public string Definition =>
        "Distinct trigrams over all trigrams of the response's words; 1 below three words (Kim & Seo 2024, section 3).";

    /// <inheritdoc/>
    public FeatureBounds Bounds => new(0, 1);

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item)
    {
        var words = item.Words;
        if (words.Count < 3) return 1;
        var trigrams = words.Count - 2;
        var distinct = new HashSet<(string, string, string)>(trigrams);
        for (var i = 0; i < trigrams; i++) distinct.Add((words[i], words[i + 1], words[i + 2]));
        return (double)distinct.Count / trigrams;
    }

    /// <inheritdoc/>
    public string Explain(double value, int words) => words < 3
        ? "too short"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value * (words - 2)):#,0} of {words - 2:#,0}");
}
