using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Rewards.Custom;

namespace Rer.Engine.Tests.Runs.Comparing;

public sealed class RunGroupTests
{
    [Fact]
    public void Runs_that_differ_in_the_seed_alone_are_one_group_by_seed()
    {
        var group = Assert.Single(RunGroup.Of([Run(2), Run(1), Run(3)]));
        Assert.Equal([1, 2, 3], group.Seeds);
        Assert.Equal([1, 2, 3], group.Runs.Select(run => run.Plan.Seed));
    }

    [Fact]
    public void Two_learning_rates_are_two_groups_and_the_learning_rate_is_what_they_differ_in()
    {
        var groups = RunGroup.Of([Run(1, Rate(5e-4)), Run(2, Rate(2e-3))]);
        Assert.Equal(2, groups.Count);
        var axis = Assert.Single(PlanAxis.Of(groups.Select(group => group.Plan)));
        Assert.Equal(("learning-rate", "0.0005", "0.002"), (axis.Name, axis.Value(groups[0].Plan), axis.Value(groups[1].Plan)));
    }

    public static TheoryData<string, string> EveryOption()
    {
        var values = new Dictionary<string, string>
        {
            ["design"] = "LI",
            ["template"] = "zephyr",
            ["device"] = "cuda",
            ["dtype"] = "bfloat16",
            ["relevance"] = "contriever:/models/c",
            ["columns"] = "query=question",
            ["eval-columns"] = "query=question",
            ["lora-target-modules"] = "k_proj",
            ["advantage-estimator"] = "rloo",
        };
        var data = new TheoryData<string, string>();
        foreach (var option in PlanOption.All.Where(option => option.Name != "seed"))
        {
            var type = Nullable.GetUnderlyingType(option.Type) ?? option.Type;
            data.Add(option.Name, values.GetValueOrDefault(option.Name)
                ?? (type == typeof(bool) ? option.Default == "true" ? "false" : "true" : type == typeof(int) || type == typeof(double)
                    ? "7" : "/another"));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryOption))]
    public void Any_option_but_the_seed_makes_another_group_and_is_named(string name, string value)
    {
        var option = PlanOption.Named(name);
        var plan = Samples.Plan();
        var other = option.With(plan, value);
        Assert.NotEqual(plan.GroupHash, other.GroupHash);
        var axis = Assert.Single(PlanAxis.Of([plan, other, other with { Seed = 9 }]));
        Assert.Equal(name, axis.Name);
        Assert.NotEqual(axis.Value(plan), axis.Value(other));
    }

    [Fact]
    public void A_path_from_this_folder_and_the_full_one_are_the_same()
    {
        var plan = Samples.Plan() with { Policy = "models/policy", Data = "train.json" };
        Assert.Equal(plan.GroupHash, plan.WithFullPaths().GroupHash);
        Assert.Empty(PlanAxis.Of([plan, plan.WithFullPaths()]));
    }

    [Fact]
    public void Paths_go_by_their_last_part_until_that_does_not_tell_them_apart()
    {
        RunPlan Of(string policy) => Samples.Plan() with { Policy = policy };
        RunPlan[] plans = [Of("/a/llama"), Of("/b/llama"), Of("/b/qwen")];
        var axis = Assert.Single(PlanAxis.Of(plans));
        Assert.Equal(["/a/llama", "/b/llama", "qwen"], plans.Select(axis.Value));
    }

    [Fact]
    public void One_text_with_two_meanings_is_two_designs()
    {
        RunPlan Of(string source) => Samples.Plan() with { Design = RewardDesign.Parse("LI*OWN", [Features.Expression(source)]) };
        RunPlan[] plans = [Of("words / 10"), Of("words / 20")];
        Assert.NotEqual(plans[0].GroupHash, plans[1].GroupHash);
        var axis = Assert.Single(PlanAxis.Of(plans));
        Assert.Equal("design", axis.Name);
        Assert.Equal(plans.Select(plan => $"LI*OWN ({plan.Design.Hash})"), plans.Select(axis.Value));
        // A name and examples change nothing of what a feature measures.
        var renamed = Samples.Plan() with
        {
            Design =
            RewardDesign.Parse("LI*OWN", [Features.Expression("words / 10") with { Name = "tenths" }])
        };
        Assert.Equal(plans[0].GroupHash, renamed.GroupHash);
    }

    [Fact]
    public void A_seed_that_was_run_twice_counts_once()
    {
        var group = Assert.Single(RunGroup.Of([Run(1), Run(1) with { Id = "again" }, Run(2)]));
        Assert.Equal((3, 2), (group.Runs.Count, group.Seeds.Count));
    }

    [Fact]
    public void A_servers_word_on_the_group_stands_because_its_paths_are_its_own()
    {
        var there = Run(1) with { GroupHash = "0123456789ab" };
        Assert.Equal("0123456789ab", there.GroupHash);
        Assert.Equal(there.Plan.GroupHash, Run(1).GroupHash);
    }

    private static Func<RunPlan, RunPlan> Rate(double rate) => plan => plan with { Ppo = plan.Ppo with { LearningRate = rate } };

    private static RunRecord Run(int seed, Func<RunPlan, RunPlan>? change = null) =>
        Samples.Record($"run-{seed}", (change ?? (plan => plan))(Samples.Plan(seed)));
}
