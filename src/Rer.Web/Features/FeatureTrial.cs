using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Web.Features;

/// <summary>What a feature that is being written does: to its examples, and to real items.</summary>
/// <param name="Errors">What is wrong with its source; nothing else is known then.</param>
/// <param name="Problem">Why it could not be tried, where that is not its source's fault; else null.</param>
/// <param name="Needs">What an item must have for it; empty where every item has it.</param>
/// <param name="Examples">What each example scored.</param>
/// <param name="Items">Value of each item, or why it has none.</param>
public sealed record FeatureTrial(
    IReadOnlyList<SourceError> Errors,
    string? Problem,
    string Needs,
    IReadOnlyList<ExampleResult> Examples,
    IReadOnlyList<(double Value, string? Problem)> Items)
{
    private static readonly TimeSpan CodePatience = TimeSpan.FromSeconds(5);

    /// <summary>Nothing tried yet.</summary>
    public static FeatureTrial None { get; } = new([], null, "", [], []);

    /// <summary>Tries a feature; never throws for what it does wrong, but says it.</summary>
    /// <param name="definition">The feature.</param>
    /// <param name="items">Real items.</param>
    /// <param name="cancellation">The answer is no longer wanted.</param>
    public static async Task<FeatureTrial> Run(FeatureDefinition definition, IReadOnlyList<ScoredItem> items,
        CancellationToken cancellation)
    {
        try
        {
            // The compiler takes its time when it is first called; only what the user wrote is watched.
            var feature = await Task.Run(() => CustomFeatures.Compile(definition), cancellation);
            return await Task.Run(() => Try(definition, feature, items), cancellation).WaitAsync(PatienceWith(definition), cancellation);
        }
        catch (FeatureSourceException error)
        {
            return None with { Errors = error.Errors };
        }
        catch (TimeoutException)
        {
            return None with
            {
                Problem = $"It took more than {CodePatience.TotalSeconds:0} s on a few items and was given up. What it "
                + "began goes on until it ends by itself."
            };
        }
        catch (InvalidOperationException error)
        {
            return None with { Problem = error.Message };
        }
    }

    /// <summary>How long a feature's examples and a few items may take: code may never end, the other kinds always do.</summary>
    public static TimeSpan PatienceWith(FeatureDefinition definition) =>
        definition.Kind == FeatureKind.Code ? CodePatience : Timeout.InfiniteTimeSpan;

    private static FeatureTrial Try(FeatureDefinition definition, IRewardFeature feature, IReadOnlyList<ScoredItem> items) =>
        new([], null, feature.Needs, CustomFeatures.Test(definition), [.. items.Select(item => CustomFeatures.Try(feature, item))]);
}
