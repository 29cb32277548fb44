using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;

namespace Rer.Engine.Tests.Rewards;

public sealed class RelevanceModelTests
{
    [Fact]
    public void Lexical_relevance_is_one_for_equal_texts_and_zero_where_nothing_is_shared()
    {
        Assert.Equal(1, Lexical("The fox jumps over the dog.", "the fox jumps over the dog"), 1e-6);
        Assert.Equal(1, Lexical("Paris", "paris!"), 1e-6);
        Assert.Equal(1, Lexical(":-)", ":-)"), 1e-6);
        Assert.Equal(1, Lexical("a \uD83D", "a"), 1e-6);
        Assert.Equal(0, Lexical("quick brown fox", "my lazy dog"), 1e-6);
        Assert.Equal(0, Lexical("anything", ""), 1e-6);
    }

    [Fact]
    public void Forms_of_one_word_are_partly_alike() =>
        Assert.InRange(Lexical("walking", "walked"), 0.05, 0.6);

    [Fact]
    public void Rare_words_weigh_more_once_the_model_has_seen_texts()
    {
        var texts = Enumerable.Range(0, 50).Select(i => $"what is the capital of land{i}");
        using var fitted = LexicalRelevance.Fit(texts);
        var onTopic = Measure(fitted, "what is the capital of land7", "land7 has a town");
        var offTopic = Measure(fitted, "what is the capital of land7", "what is the point of it");
        Assert.True(onTopic > offTopic, $"{onTopic} against {offTopic}");
    }

    [Fact]
    public void Queries_and_references_are_embedded_once()
    {
        using var counting = new CountingRelevance();
        var prompt = new PromptItem(0, "query", "reference", null);
        var scorer = new RewardScorer(RewardDesign.Parse("QR"), counting, PromptTemplate.Named("plain"), 64);
        for (var i = 0; i < 3; i++) scorer.Score([prompt, prompt], ["first", "second"]);
        Assert.Equal(["first", "first", "first", "query", "reference", "second", "second", "second"], counting.Seen.Order());
    }

    [SharedFact]
    public void Lexical_relevance_prefers_the_answer_to_its_own_query()
    {
        var prompts = PromptSet.Load(Fixtures.Data("alpaca_eval.json")).Take(200);
        using var model = LexicalRelevance.Fit(prompts);
        var own = prompts.Items.Select(item => Measure(model, item.Query, item.Reference!)).ToArray();
        var other =
            prompts.Items.Select(item => Measure(model, item.Query, prompts[(item.Index + 57) % prompts.Count].Reference!)).ToArray();
        Assert.InRange(own.Zip(other).Count(pair => pair.First > pair.Second) / 200.0, 0.9, 1);
    }

    [Fact]
    public void A_spec_tells_the_ceiling_of_its_model()
    {
        using var lexical = RelevanceModels.Create("lexical", new PromptSet("none", []));
        using var precomputed = RelevanceModels.Create("precomputed", new PromptSet("none", []));
        Assert.Equal(lexical.Ceiling, RelevanceModels.CeilingOf("lexical"));
        Assert.Equal(precomputed.Ceiling, RelevanceModels.CeilingOf("precomputed"));
    }

    [Fact]
    public void A_spec_that_names_no_model_lists_the_forms()
    {
        var prompts = new PromptSet("here", [new(0, "a", "b", null)]);
        using var lexical = RelevanceModels.Create("lexical", prompts);
        using var precomputed = RelevanceModels.Create("precomputed", prompts);
        Assert.Equal(["lexical", "precomputed"], [lexical.Name, precomputed.Name]);
        Assert.Contains("'word2vec' is not known. Known forms: lexical",
            Assert.Throws<ArgumentException>(() => RelevanceModels.Create("word2vec", prompts)).Message, StringComparison.Ordinal);
    }

    private static double Lexical(string query, string response)
    {
        using var model = new LexicalRelevance();
        return Measure(model, query, response);
    }

    private static double Measure(LexicalRelevance model, string query, string response) => model.Measure(
        [new ScoredItem
        {
            Prompt = new PromptItem(0, query, null, null),
            Query = query,
            Response = response,
            Words = [],
        }])[0].ToQuery!.Value;

    private sealed class CountingRelevance : EmbeddingRelevance<int>
    {
        public List<string> Seen { get; } = [];

        public override string Name => "counting";

        public override double Ceiling => 1;

        protected override IReadOnlyList<Embedded<int>> Embed(IReadOnlyList<string> texts)
        {
            Seen.AddRange(texts);
            return [.. texts.Select(text => new Embedded<int>(text.Length, Cut: false))];
        }

        protected override double Product(int left, int right) => left * right;
    }
}
