using Rer.Web.Lab;

namespace Rer.Web.Tests.Lab;

public sealed class LabStateTests
{
    [Fact]
    public void A_scored_text_is_in_the_address_and_comes_back_from_it()
    {
        var state = new LabState
        {
            Mode = "two",
            Gold = "none",
            Design = "LI*RP",
            ClosedEnded = true,
            Query = "q?",
            A = "a & b",
            B = "c",
            Reference = "r",
            Scored = true,
        };
        Assert.Equal(state, Through(state));
    }

    [Fact]
    public void What_was_not_scored_stays_out_of_the_address()
    {
        var state = new LabState { Query = "q", A = "half a sent" };
        Assert.All(state.ToQuery().Values, Assert.Null);
        Assert.False(Through(state).Scored);
    }

    [Fact]
    public void A_bench_that_was_run_is_run_again_by_its_link() =>
        Assert.Equal((true, "pairs.jsonl"),
            Through(new LabState { Mode = "pairs", Pairs = "pairs.jsonl", Benched = true }) is var s ? (s.Benched, s.Pairs) : default);

    [Fact]
    public void A_text_longer_than_is_taken_is_cut_and_an_unknown_mode_is_one_text()
    {
        var state = LabState.Of(name => name switch { "a" => new string('x', 10_000), "mode" => "three", _ => null });
        Assert.Equal((LabState.LongestText, "one"), (state.A.Length, state.Mode));
    }

    private static LabState Through(LabState state)
    {
        var query = state.ToQuery();
        return LabState.Of(name => query[name]?.ToString());
    }
}
