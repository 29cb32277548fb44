using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class ContrastivePairsTests
{
    private static readonly PromptSet Prompts = new("train.json",
    [
        .. Enumerable.Range(0, 80).Select(i => new PromptItem(
            i, $"Question {i}?", $"The answer to question {i} is that number, plus one, twice over.",
            i % 2 == 0 ? QueryType.OpenEnded : QueryType.ClosedEnded)),
    ]);

    [Fact]
    public void Kinds_are_balanced_and_the_reference_is_chosen()
    {
        var pairs = ContrastivePairs.Make(Prompts, seed: 1).Pairs;
        Assert.Equal(80, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(pair.Chosen, Prompts.Items.Single(item => item.Query == pair.Prompt).Reference));
        Assert.All(ContrastivePairs.Kinds, kind => Assert.Equal(20, pairs.Count(pair => pair.Subset == kind)));
    }

    [Fact]
    public void Each_kind_spoils_the_reference_in_its_own_way()
    {
        foreach (var pair in ContrastivePairs.Make(Prompts, seed: 2, pairsPerItem: 4).Pairs)
        {
            Assert.NotEqual(pair.Chosen, pair.Rejected);
            switch (pair.Subset)
            {
                case "other-reference":
                    var (own, other) = (Prompts.Items.Single(item => item.Query == pair.Prompt),
                        Prompts.Items.Single(item => item.Reference == pair.Rejected));
                    Assert.Equal(own.QueryType, other.QueryType);
                    break;
                case "truncation":
                    Assert.StartsWith(pair.Rejected, pair.Chosen, StringComparison.Ordinal);
                    break;
                case "repetition":
                    Assert.StartsWith(pair.Chosen + " ", pair.Rejected, StringComparison.Ordinal);
                    break;
                default:
                    Assert.Equal("shuffled-words", pair.Subset);
                    Assert.Equal(pair.Chosen.Split(' ').Order(), pair.Rejected.Split(' ').Order());
                    break;
            }
        }
    }

    [Fact]
    public void The_seed_decides_the_pairs()
    {
        Assert.Equal(ContrastivePairs.Make(Prompts, seed: 3).Pairs, ContrastivePairs.Make(Prompts, seed: 3).Pairs);
        Assert.NotEqual(ContrastivePairs.Make(Prompts, seed: 3).Pairs, ContrastivePairs.Make(Prompts, seed: 4).Pairs);
    }

    [Fact]
    public void One_word_references_get_the_kinds_that_fit_them()
    {
        var prompts = new PromptSet("short.json", [new(0, "2 + 2?", "4", null), new(1, "3 + 3?", "6", null), new(2, "Empty?", null, null)]);
        var pairs = ContrastivePairs.Make(prompts, seed: 1, pairsPerItem: 4).Pairs;
        Assert.Equal(["other-reference", "other-reference", "repetition", "repetition"], pairs.Select(pair => pair.Subset).Order());
    }

    [Fact]
    public void A_set_without_references_is_refused()
    {
        var error =
            Assert.Throws<ArgumentException>(() => ContrastivePairs.Make(new PromptSet("bare.json", [new(0, "a", null, null)]), seed: 1));
        Assert.StartsWith("bare.json: no item has a reference (`output`).", error.Message, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Real_prompts_give_balanced_pairs()
    {
        var pairs = ContrastivePairs.Make(PromptSet.Load(Fixtures.Data("alpacafarm_val.json")), seed: 1).Pairs;
        Assert.InRange(pairs.Count, 1990, 2000);
        Assert.All(ContrastivePairs.Kinds, kind => Assert.InRange(pairs.Count(pair => pair.Subset == kind), 450, 550));
    }
}
