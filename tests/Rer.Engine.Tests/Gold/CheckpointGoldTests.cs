using Rer.Engine.Gold;
using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

public sealed class CheckpointGoldTests : IDisposable
{
    private static readonly GoldTemplate Template = new("", "?", "$");
    private static readonly GoldItem[] Items = [new("a", "bc"), new("abc", "defghijk"), new("", ""), new("abcd", "e")];
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-gold").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_reward_is_the_heads_output_at_the_last_token_whatever_else_is_in_the_batch()
    {
        using var gold = Gold(head: 1);
        var together = gold.Score(Items);
        for (var i = 0; i < Items.Length; i++)
        {
            Assert.Equal(gold.Score([Items[i]])[0], together[i], 1e-5);
            var prefixes = gold.PrefixRewards(Items[i]);
            Assert.Equal("^" + Template.Wrap(Items[i]), string.Concat(prefixes.Select(prefix => prefix.Token)));
            Assert.Equal(together[i], prefixes[^1].Reward, 1e-5);
        }
    }

    [Fact]
    public void Each_prefix_reward_is_that_of_the_text_cut_there()
    {
        using var gold = Gold(head: 1, after: "");
        var prefixes = gold.PrefixRewards(new GoldItem("ab", "cdef"));
        Assert.Equal(gold.Score([new GoldItem("ab", "cd")])[0], prefixes[^3].Reward, 1e-5);
    }

    [Fact]
    public void A_reward_that_is_no_number_names_the_item()
    {
        using var gold = Gold(head: float.NaN);
        var error = Assert.Throws<InvalidDataException>(() => gold.Score(Items));
        Assert.Contains("item 0 ('a', answered 'bc')", error.Message);
    }

    [Fact]
    public void What_is_longer_than_the_context_loses_its_beginning()
    {
        using var gold = Gold(head: 1);
        var text = string.Concat(Enumerable.Repeat("abcdefghij", 10));
        Assert.Equal(gold.Score([new GoldItem(text, "end")]), gold.Score([new GoldItem("k" + text, "end")]));
    }

    [Fact]
    public void A_text_that_is_read_only_in_part_is_told_from_one_that_just_fits()
    {
        using var gold = Gold(head: 1);
        // One token begins the text, one stands between, one ends it.
        var fits = new string('a', TinyModels.Config().MaxPositions - 3 - "end".Length);
        Assert.Equal([false, true, false], gold.Judge([new(fits, "end"), new(fits + "a", "end"), new("a", "b")])
            .Select(score => score.Cut!.Value));
    }

    [Fact]
    public void A_language_model_is_no_reward_model()
    {
        using (var policy = CausalLm.Create(TinyModels.Config(), 1)) policy.SaveFolder(_folder);
        var error = Assert.Throws<InvalidDataException>(() => RewardModel.Load(_folder, CPU));
        Assert.Contains("score.weight", error.Message);
        Assert.StartsWith(_folder, error.Message);
    }

    [Fact]
    public void A_template_beside_the_weights_is_read_back()
    {
        Assert.Null(GoldTemplate.Read(_folder));
        Template.Write(_folder);
        Assert.Equal(Template, GoldTemplate.Read(_folder));
        File.WriteAllText(Path.Combine(_folder, GoldTemplate.FileName), "{\"before_query\": \"\"}");
        Assert.Contains("between_them", Assert.Throws<InvalidDataException>(() => GoldTemplate.Read(_folder)).Message);
    }

    private CheckpointGold Gold(float head, string after = "$")
    {
        using (var policy = CausalLm.Create(TinyModels.Config(), 1)) policy.SaveFolder(_folder);
        var model = RewardModel.FromPolicy(_folder, CPU);
        using (no_grad()) model.Parameters[^1].Tensor.fill_(head);
        return new CheckpointGold("test", model, new CharacterTokenizer(), Template with { AfterResponse = after });
    }
}
