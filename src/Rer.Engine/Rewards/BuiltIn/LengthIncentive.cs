using System.Globalization;

namespace Rer.Engine.Rewards.BuiltIn;

/// <summary>Length incentive: the response's words over 100; 0 for an empty one.</summary>
/// <remarks>Kim &amp; Seo 2024, section 3. Words are <see cref="Data.WordPunct"/> tokens, punctuation included.</remarks>
public sealed class LengthIncentive : IRewardFeature
{
    /// <inheritdoc/>
    public string Symbol => "LI";

    /// <inheritdoc/>
    public string Name => "length incentive";

    /// <inheritdoc/>
    public string ShortName => "length";

    /// <inheritdoc/>
    public string Formula => "words / 100";

    /// <inheritdoc/>
    public string Definition => "Words of the response over 100, punctuation counted (Kim & Seo 2024, section 3).";

    /// <inheritdoc/>
    public FeatureBounds Bounds => new(0, double.PositiveInfinity);

    /// <inheritdoc/>
    public double Evaluate(ScoredItem item) => item.Words.Count / 100.0;

    /// <inheritdoc/>
    public string Explain(double value, int words) =>
        string.Create(CultureInfo.InvariantCulture, $"{words:#,0} {(words == 1 ? "word" : "words")}");
}
