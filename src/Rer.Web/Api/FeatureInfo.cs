using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Web.Api;

/// <summary>A feature that designs may use.</summary>
/// <param name="Symbol">How texts write it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Formula">The formula in words.</param>
/// <param name="Needs">What an item must have for it; empty where every item has it.</param>
/// <param name="Definition">What it measures and where its limits are.</param>
/// <param name="Bounds">The values that it can have: `[0, 1]`; empty where it can have any.</param>
public sealed record FeatureInfo(string Symbol, string Name, string Formula, string Needs, string Definition, string Bounds)
{
    internal static FeatureInfo Of(IRewardFeature feature) => new(
        feature.Symbol, feature.Name, feature.Formula, feature.Needs, feature.Definition,
        feature.Bounds == FeatureBounds.None ? "" : feature.Bounds.ToString());

    internal static FeatureInfo Of(FeatureDefinition feature)
    {
        var formula = CustomFeatures.FormulaOf(feature);
        if (CustomFeatures.WhyNot(feature) is null)
            return Of(CustomFeatures.Compile(feature)) with { Name = feature.Title, Formula = formula };
        return new FeatureInfo(feature.Symbol, feature.Title, formula, "features in C# turned on", formula, "");
    }
}
