using System.Text.Json;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Examples;

/// <summary>Scores responses that exist under a reward design, with every feature that made the score.</summary>
internal static class ScoreFile
{
    /// <param name="file">JSON Lines: `query`, `response`, and where the design needs them `qtype` (OPENENDED or CONSTRAINED) and
    /// `reference`.</param>
    /// <param name="design">Such as `LI*RP` or `OE: LI*RP*QR; CE: RP*RAR`.</param>
    /// <param name="output">A line per row.</param>
    public static void Run(string file, string design, TextWriter output)
    {
        var playground = PlaygroundPlans.Find() ?? throw new DirectoryNotFoundException("data/playground is in no folder above this one.");
        var plan = playground.Plan(RewardDesign.Parse(design));

        // The relevance model takes its word weights from the texts of a prompt set.
        var relevance = RelevanceModels.Create(plan.Relevance, PromptSet.Load(plan.Data));
        var scorer = new RewardScorer(plan.Design, relevance, PromptTemplate.Named(plan.Template), plan.Ppo.MaxResponseTokens);

        var (prompts, responses) = (new List<PromptItem>(), new List<string>());
        foreach (var line in File.ReadLines(file))
        {
            using var row = JsonDocument.Parse(line);
            string? Text(string name) => row.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
            var type = Text("qtype") is { } name ? QueryTypes.Parse(name) : (QueryType?)null;
            prompts.Add(new PromptItem(prompts.Count, Text("query")!, Text("reference"), type));
            responses.Add(Text("response")!);
        }

        foreach (var score in scorer.Score(prompts, responses))
        {
            var features = score.Features.Select(feature => $"{feature.Key} {feature.Value:f3}");
            output.WriteLine($"{score.Total:f3}  {string.Join("  ", features)}");
        }
    }
}
