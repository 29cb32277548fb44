using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;

namespace Rer.Examples;

/// <summary>A feature that is not built in, as data: an expression over what is counted of a response, with its tests.</summary>
internal static class AddFeature
{
    /// <param name="texts">Responses to score.</param>
    /// <param name="output">A line per text.</param>
    public static void Run(string[] texts, TextWriter output)
    {
        var brief = new FeatureDefinition
        {
            Symbol = "BRIEF",
            Name = "brevity",
            Kind = FeatureKind.Expression,
            Source = "1 / (1 + words / 10)",
            Examples = [new FeatureExample("", 1), new FeatureExample("one two three four five six seven eight nine ten", 0.5)],
        };
        foreach (var result in CustomFeatures.Test(brief))
            output.WriteLine($"example: wanted {result.Example.Value}, found {result.Value:f3}");

        // A design takes it by its symbol, among the built-in ones.
        var design = RewardDesign.Parse("RP*BRIEF", [brief]);
        var scorer = new RewardScorer(design, relevance: null, PromptTemplate.Named("plain"), maxResponseTokens: 128);
        PromptItem[] prompts = [.. texts.Select((_, i) => new PromptItem(i, "any query", null, null))];
        foreach (var score in scorer.Score(prompts, texts)) output.WriteLine($"{score.Total:f3}  BRIEF {score.Features["BRIEF"]:f3}");
    }
}
