using System.Text.Json;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.BuiltIn;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Tests.Rewards;

/// <summary>Parity with the published reward function, row by row.</summary>
public sealed class PublishedRewardTests
{
    private const double Tolerance = 1e-9;
    private static readonly PromptTemplate Alpaca = PromptTemplate.Named("alpaca");

    [SharedTheory]
    [InlineData("alpaca_eval_orig.jsonl", 805)]
    [InlineData("alpaca_eval_mangled.jsonl", 720)]
    [InlineData("constants.jsonl", 96)]
    public void All_sixteen_combinations_score_as_published(string file, int count)
    {
        var rows = DataFile.Read(Fixtures.File("reward", file));
        Assert.Equal(count, rows.Count);
        foreach (var row in rows)
        {
            var scores = row.Fields.GetProperty("scores");
            Assert.Equal(16, scores.EnumerateObject().Count());
            foreach (var branching in new[] { false, true })
            {
                var prompt = new PromptItem(row.Index, row.Text("query")!, row.Text("reference"), QueryTypes.Parse(row.Text("qtype")!))
                {
                    Relevance = row.Number(branching ? "relevance_rb1" : "relevance_rb0"),
                };
                var scorer =
                    new RewardScorer(Design(true, true, true, branching), new PrecomputedRelevance(), Alpaca, maxResponseTokens: 512);
                var breakdown = scorer.Score([prompt], [row.Text("response")!])[0];

                Assert.Equal(row.Number("LI")!.Value, breakdown.Features["LI"], Tolerance);
                Assert.Equal(row.Number("RP")!.Value, breakdown.Features["RP"], Tolerance);
                foreach (var combination in scores.EnumerateObject()
                    .Where(score => score.Name.EndsWith(branching ? "RB1" : "RB0", StringComparison.Ordinal)))
                {
                    var design = Design(On(combination, "LI"), On(combination, "RP"), On(combination, "QR"), branching);
                    Assert.Equal(combination.Value.GetDouble(), breakdown.Under(design).Total, Tolerance);
                }
            }
        }
    }

    [SharedTheory]
    [InlineData("alpaca_eval_orig.jsonl")]
    [InlineData("alpaca_eval_mangled.jsonl")]
    [InlineData("constants.jsonl")]
    public void Relevance_sees_the_query_that_the_published_function_extracts(string file)
    {
        foreach (var row in DataFile.Read(Fixtures.File("reward", file)))
        {
            var query = row.Text("query")!;
            Assert.Equal(row.Text("extracted_query_rb0"), Alpaca.ExtractQuery(query));
            Assert.Equal(row.Text("extracted_query_rb0"), Alpaca.ExtractQuery(Alpaca.Render(query)));
        }
    }

    [SharedTheory]
    [InlineData("alpaca_eval_orig.jsonl")]
    [InlineData("alpaca_eval_mangled.jsonl")]
    [InlineData("constants.jsonl")]
    public void Uncut_responses_count_as_published(string file)
    {
        foreach (var row in DataFile.Read(Fixtures.File("reward", file)))
        {
            var item = new ScoredItem
            {
                Prompt = new PromptItem(row.Index, "", null, null),
                Query = "",
                Response = "",
                Words = WordPunct.Tokenize(row.Text("response")!),
            };
            Assert.Equal(row.Number("LI_nostrip")!.Value, new LengthIncentive().Evaluate(item), Tolerance);
            Assert.Equal(row.Number("RP_nostrip")!.Value, new RepetitionPenalty().Evaluate(item), Tolerance);
        }
    }

    [Fact]
    public void Words_are_those_of_the_reference_tokenizer()
    {
        foreach (var row in DataFile.Read(Fixtures.File("reward", "wordpunct_vectors.json")))
            Assert.Equal(row.Fields.GetProperty("tokens").Deserialize<string[]>(), WordPunct.Tokenize(row.Text("text")!));
    }

    // The published function's four switches. Branching without relevance leaves both rows alike.
    private static RewardDesign Design(bool length, bool repetition, bool relevance, bool branching)
    {
        string?[] symbols = [length ? "LI" : null, repetition ? "RP" : null, relevance ? "QR" : null];
        return RewardDesign.Of(symbols.OfType<string>()).WithBranching(branching);
    }

    private static bool On(JsonProperty combination, string symbol) => combination.Name.Contains(symbol + "1", StringComparison.Ordinal);
}
