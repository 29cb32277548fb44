using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class QueryTypeClassifierTests
{
    private static readonly PromptSet Prompts = new("annotated.json",
    [
        .. Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? new PromptItem(i, $"Write a story about the {i / 2}th town.", null, QueryType.OpenEnded)
            : new PromptItem(i, $"What is the capital of land {i / 2}?", null, QueryType.ClosedEnded)),
    ]);

    [Fact]
    public void Words_tell_the_types_apart()
    {
        var classifier = QueryTypeClassifier.Train(Prompts, seed: 1);
        Assert.Equal(1, classifier.HeldOutAccuracy);
        Assert.Equal(12, classifier.HeldOutCount);
        var (type, probability) = classifier.Predict("Write a story about a fox.");
        Assert.Equal(QueryType.OpenEnded, type);
        Assert.InRange(probability, 0.5, 1);
        Assert.Equal(QueryType.ClosedEnded, classifier.Predict("What is the capital of France?").Type);
    }

    [Fact]
    public void Only_items_without_a_type_are_annotated_and_marked()
    {
        var bare = new PromptSet("bare.json",
            [new(0, "What is the capital of X?", null, QueryType.OpenEnded), new(1, "What is the capital of Y?", null, null)]);
        var items = QueryTypeClassifier.Train(Prompts, seed: 1).Annotate(bare).Items;
        Assert.Equal([QueryType.OpenEnded, QueryType.ClosedEnded], items.Select(item => item.QueryType!.Value));
        Assert.Equal([false, true], items.Select(item => item.QueryTypeIsPredicted));
    }

    [Fact]
    public void The_seed_decides_the_classifier()
    {
        static double Probability(int seed) => QueryTypeClassifier.Train(Prompts, seed).Predict("What about a story?").Probability;
        Assert.Equal(Probability(3), Probability(3));
        Assert.NotEqual(Probability(3), Probability(4));
    }

    [Fact]
    public void Too_few_annotations_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => QueryTypeClassifier.Train(Prompts.Take(12), seed: 1));
        Assert.Contains("annotated.json: 6 items are OPENENDED. A classifier needs ten of each type.", error.Message,
            StringComparison.Ordinal);
    }

    [SharedFact]
    public void Real_queries_are_told_better_than_by_the_commoner_type()
    {
        var classifier = QueryTypeClassifier.Train(PromptSet.Load(Fixtures.Data("alpacafarm_val.json")), seed: 1);
        Assert.True(classifier.HeldOutAccuracy > classifier.MajorityShare + 0.15,
            $"{classifier.HeldOutAccuracy:F3} against {classifier.MajorityShare:F3}");
    }
}
