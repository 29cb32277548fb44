using Rer.Engine.Gold;
using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

public sealed class DpoGoldTests
{
    private static readonly GoldTemplate Template = new("Q:", " A:", "");
    private static readonly GoldItem[] Items = [new("ab", "cde"), new("why", "x"), new("", "longer than the others"), new("a", "")];

    [Fact]
    public void The_reward_is_betas_share_of_the_log_probability_that_training_added_to_the_response()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var policy = CausalLm.Create(TinyModels.Config(), 1);
        using var reference = CausalLm.Create(TinyModels.Config(), 2);
        using var gold = Gold(0.3);
        var scores = gold.Score(Items);
        for (var i = 0; i < Items.Length; i++)
        {
            // `^` begins a sequence and `$`, which is scored too, ends it.
            var prompt = new CharacterTokenizer().Encode($"Q:{Items[i].Query} A:");
            var response = new CharacterTokenizer().Encode(Items[i].Response + "$", addSpecialTokens: false);
            Assert.Equal(0.3 * (LogProb(policy, prompt, response) - LogProb(reference, prompt, response)), scores[i], 1e-4);
        }
    }

    [Fact]
    public void A_policy_that_is_its_own_reference_earns_nothing()
    {
        using var gold = new DpoGold("same", CausalLm.Create(TinyModels.Config(), 1), CausalLm.Create(TinyModels.Config(), 1),
            new CharacterTokenizer(), Template, 0.1);
        Assert.All(gold.Score(Items), score => Assert.Equal(0, score));
    }

    [Fact]
    public void What_is_too_long_loses_the_prompts_beginning_and_no_token_of_the_response()
    {
        using var gold = Gold(1);
        var filler = new string('q', 100);
        Assert.Equal(gold.Score([new GoldItem(filler, "end")]), gold.Score([new GoldItem("k" + filler, "end")]));
        Assert.NotEqual(gold.Score([new GoldItem(filler, "end")]), gold.Score([new GoldItem(filler, "End")]));
        Assert.Equal([true, false], gold.Judge([new(filler, "end"), new("a", "b")]).Select(score => score.Cut!.Value));
        Assert.True(gold.Judge([new("a", filler)])[0].Cut);
    }

    private static DpoGold Gold(double beta) =>
        new("test", CausalLm.Create(TinyModels.Config(), 1), CausalLm.Create(TinyModels.Config(), 2), new CharacterTokenizer(), Template,
            beta);

    /// <summary>By the definition: one token after the other.</summary>
    private static double LogProb(CausalLm model, int[] prompt, int[] response)
    {
        var sum = 0.0;
        for (var t = 0; t < response.Length; t++)
        {
            long[] before = [.. prompt, .. response[..t]];
            var logits = model.Logits(model.Hidden(tensor(before).unsqueeze(0)))[0, before.Length - 1];
            sum += logits.log_softmax(-1)[response[t]].item<float>();
        }
        return sum;
    }
}
