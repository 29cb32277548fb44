using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Own;

namespace Rer.Web.Api;

/// <summary>A feature that designs may use.</summary>
/// <param name="Symbol">How texts write it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Formula">The formula in words.</param>
/// <param name="Needs">What an item must have for it; empty where every item has it.</param>
public sealed record FeatureInfo(string Symbol, string Name, string Formula, string Needs)
{
    internal static FeatureInfo Of(IRewardFeature feature) => new(feature.Symbol, feature.Name, feature.Formula, feature.Needs);

    internal static FeatureInfo Of(FeatureDefinition feature) => new(
        feature.Symbol,
        feature.Title,
        OwnFeatures.FormulaOf(feature),
        OwnFeatures.WhyNot(feature) is null ? OwnFeatures.Compile(feature).Needs : "features in C# turned on");
}
