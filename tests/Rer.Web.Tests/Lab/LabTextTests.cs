using Rer.Engine.Gold;
using Rer.Web.Lab;

namespace Rer.Web.Tests.Lab;

public sealed class LabTextTests
{
    [Fact]
    public void A_words_reward_is_that_of_the_token_that_completes_it()
    {
        double[] expected = [2, 3];
        Assert.Equal(expected, LabText.OnWords(LabText.Words("Ida sings"), Tokens("Query:", " I", "da", " sings", "</s>")));
    }

    [Fact]
    public void Words_that_are_lost_at_the_beginning_have_none_and_the_others_keep_theirs()
    {
        var words = LabText.Words("Once upon a time there lived an old miller.");
        var rewards = LabText.OnWords(words, Tokens("on a", " time", " there", " lived", " an", " old", " miller", ".", "</s>"));
        Assert.True(double.IsNaN(rewards[0]));
        double[] others = [0, 0, 1, 2, 3, 4, 5, 6, 7];
        Assert.Equal(others, rewards[1..]);
    }

    [Fact]
    public void A_response_that_the_tokens_do_not_spell_has_none() =>
        Assert.All(LabText.OnWords(LabText.Words("Something else altogether, and long."), Tokens("Ida", " sings")),
            r => Assert.True(double.IsNaN(r)));

    private static PrefixReward[] Tokens(params string[] tokens) => [.. tokens.Select((token, i) => new PrefixReward(token, i))];
}
