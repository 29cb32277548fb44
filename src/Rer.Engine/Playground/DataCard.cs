using System.Globalization;
using System.Text;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Playground.Language;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Playground;

/// <summary>The card of the playground's data sets, with what the relevance model makes of them.</summary>
internal static class DataCard
{
    private const int Samples = 400;

    /// <summary>The card.</summary>
    public static string Render(World world, QueryBook book, int seed)
    {
        var card = new StringBuilder();
        card.Append(
            "# The playground\n\nA small world drawn from a seed, in which the whole study runs within minutes. It is a miniature: what it "
                + "shows is how the methods behave, ");
        card.Append("not how good a model is.\n\n## World\n");
        card.Append(CultureInfo.InvariantCulture,
            $"{world.All.Count} inhabitants (a name, one of {Lexicon.Kinds.Length} kinds of animal), each with {Lexicon.Traits.Length} "
                + $"traits of {Lexicon.Values(Trait.Coat).Length} values; ");
        card.Append("a sentence joins one of four openers with one of four cores for each trait and style.\n\n");
        card.Append("- open-ended queries: describe, tell a story, give advice, explain why; three phrasings each;\n");
        card.Append("- closed-ended queries: facts, yes or no, pick one, sums, conversions, misspelled words.\n\n");
        card.Append(
            "## Data sets\nFields: `input`, `output` (a good answer), `qtype`, `dataset` (the task). The sets share no inhabitant, no sum, "
                + "no conversion and no misspelled word. ");
        card.Append(
            "The supervised policy and the gold model know all inhabitants, so that facts can be known.\n\n| file | open-ended | "
                + "closed-ended |\n|---|---|---|\n");
        foreach (var name in new[] { PlaygroundData.Training, PlaygroundData.Validation, PlaygroundData.Evaluation })
        {
            var queries = PlaygroundData.Queries(name, book, seed);
            card.Append(CultureInfo.InvariantCulture,
                $"| `{name}` | {queries.Count(q => q.QueryType == QueryType.OpenEnded)} | "
                    + $"{queries.Count(q => q.QueryType == QueryType.ClosedEnded)} |\n");
        }

        card.Append(CultureInfo.InvariantCulture,
            $"\n`{PlaygroundData.HeldOutPairs}`: preference pairs in the hidden rubric's own order; the gold model is judged on them and "
                + $"never trained on them.\n\n");
        AppendRelevance(card, world, book, seed);
        card.Append(
            "\n## Default plan\n1,000 PPO steps of batch 16 (mini-batch 8, four epochs), LoRA of rank 8 on q and v, learning rate 5e-4, KL "
                + "coefficient .1, 64 tokens, evaluation every 100 steps on all evaluation queries, four responses each. ");
        card.Append(
            "The paper's learning rate of 1e-5 is for 7 B parameters: at 7e-5 this policy moved half a nat from its start in 240 steps, at "
                + "3e-4 two nats in 150; at 1e-3 `LI` reached the length cap within 150 steps and `RER` rose for 350. ");
        card.Append(
            "5e-4 stretches both over the thousand. The KL coefficient is half the paper's, so that over-optimisation is not held back by "
                + "it. Settings were chosen on seed 1.\n");
        card.Append(CultureInfo.InvariantCulture,
            $"\nAll of it is made by `rer playground build` (seed {seed}) and falls under the repository's licence.\n");
        return card.ToString();
    }

    /// <summary>Whether lexical relevance tells good from bad here: the reason why no sentence encoder ships.</summary>
    private static void AppendRelevance(StringBuilder card, World world, QueryBook book, int seed)
    {
        using var relevance = LexicalRelevance.Fit(
            [.. PlaygroundData.Queries(PlaygroundData.Training, book, seed).SelectMany(query => new[] { query.Text, query.Reference })]);
        var random = SeededRandom.From(seed, "playground/relevance card");
        var open = Enumerable.Range(0, Samples).Select(_ => QueryBook.Draw(book.Training, 1, random)).ToArray();
        var closed = Enumerable.Range(0, Samples).Select(_ => QueryBook.Draw(book.Training, 0, random)).ToArray();
        card.Append(
            "## Relevance\nThe lexical model (TF-IDF over words and their pieces) tells good answers from bad ones here, so no sentence "
                + "encoder ships. Means:\n\n");
        card.Append("| inner product of | and | mean |\n|---|---|---|\n");
        foreach (var sentences in new[] { 1, 4 })
        {
            Row("query", $"{sentences} sentence(s) on the topic", open,
                query => (query.Text, string.Join(' ', AnswerMix.Facts(query.Task, query.Topic!, sentences, random))));
            Row("query", $"{sentences} sentence(s) about another", open,
                query => (query.Text, string.Join(' ', AnswerMix.Facts(query.Task, world.Other(query.Topic, random), sentences, random))));
        }

        Row("reference", "the right sentence", closed, query => (query.Reference, query.Reference));
        Row("reference", "the right word alone", closed, query => (query.Reference, query.Bare));
        Row("reference", "a wrong sentence", closed, query => (query.Reference, random.Pick(query.Wrong).Sentence));

        void Row(string left, string right, PlaygroundQuery[] queries, Func<PlaygroundQuery, (string, string)> texts)
        {
            var mean = queries.Select(texts).Average(pair => Measure(pair.Item1, pair.Item2));
            card.Append(CultureInfo.InvariantCulture, $"| {left} | {right} | {mean:f2} |\n");
        }

        double Measure(string left, string right) => relevance.Measure(
            [new ScoredItem
            {
                Prompt = new PromptItem(0, left, null, null),
                Query = left,
                Response = right,
                Words = [],
            }])[0].ToQuery!.Value;
    }
}
