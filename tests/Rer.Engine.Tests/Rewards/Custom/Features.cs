using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Tests.Rewards.Custom;

/// <summary>Definitions and items for the tests of own features.</summary>
internal static class Features
{
    public static FeatureDefinition Expression(string source, string symbol = "OWN") =>
        new() { Symbol = symbol, Kind = FeatureKind.Expression, Source = source };

    public static FeatureDefinition Pattern(string source, PatternMeasure measure = PatternMeasure.Count) =>
        new() { Symbol = "OWN", Kind = FeatureKind.Pattern, Source = source, Measure = measure };

    public static FeatureDefinition Code(string source) => new() { Symbol = "OWN", Kind = FeatureKind.Code, Source = source };

    public static ScoredItem Item(string response, string query = "What is it?", string? reference = null, double? qr = null,
        double? rar = null) => new()
        {
            Prompt = new PromptItem(0, query, reference, null),
            Query = query,
            Response = response,
            Words = WordPunct.Tokenize(response),
            Relevance = new RelevanceScore(qr, rar),
        };

    public static double Value(FeatureDefinition definition, string response) =>
        CustomFeatures.Compile(definition).Evaluate(Item(response));

    public static SourceError Error(FeatureDefinition definition) =>
        Assert.Single(Assert.Throws<FeatureSourceException>(() => CustomFeatures.Compile(definition)).Errors);
}
