using System.Text.Json;
using Rer.Engine.Data;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Evaluation.TextOverlap;

namespace Rer.Engine.Tests.Evaluation;

public sealed class BleuTests
{
    [SharedFact]
    public void Bleu_and_Self_BLEU_are_those_of_the_reference_library()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Fixtures.File("stats", "bleu.json")));
        foreach (var set in file.RootElement.GetProperty("sets").EnumerateArray())
        {
            var texts = set.GetProperty("texts").Deserialize<string[]>()!;
            Assert.Equal(set.GetProperty("self_bleu").GetDouble(), SelfBleu.Score(texts), 1e-9);

            IReadOnlyList<string>[] tokens = [.. texts.Select(WordPunct.Tokenize)];
            foreach (var (response, i) in set.GetProperty("per_response").EnumerateArray().Select((response, i) => (response, i)))
            {
                IReadOnlyList<string>[] others = [.. tokens.Where((_, j) => j != i)];
                Assert.Equal(response.GetProperty("bleu4_method1").GetDouble(), Bleu.Sentence(others, tokens[i]), 1e-9);
                Assert.Equal(response.GetProperty("bleu2_method1").GetDouble(), Bleu.Sentence(others, tokens[i], order: 2), 1e-9);
                Assert.Equal(response.GetProperty("bleu4_nosmooth").GetDouble(), Bleu.Sentence(others, tokens[i], smoothing: 0), 1e-9);
            }
        }
    }

    [Fact]
    public void A_short_hypothesis_is_penalised_against_the_reference_nearest_in_length()
    {
        string[] hypothesis = ["a", "b", "c", "d"];
        Assert.Equal(1, Bleu.Sentence([["a", "b", "c", "d"]], hypothesis), 1e-12);
        Assert.Equal(Math.Exp(1 - 5.0 / 4), Bleu.Sentence([["a", "b", "c", "d", "e"]], hypothesis), 1e-12);
        Assert.Equal(1, Bleu.Sentence([["a", "b", "c", "d", "e"], ["x", "y", "z"]], hypothesis), 1e-12);
    }

    [Fact]
    public void One_response_alone_has_no_Self_BLEU() => Assert.True(double.IsNaN(SelfBleu.Score(["alone"])));
}
