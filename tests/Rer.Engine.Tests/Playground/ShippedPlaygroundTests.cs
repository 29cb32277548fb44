using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using Rer.Engine.Playground;
using Rer.Engine.Rewards;
using Rer.Engine.Tokenizers;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Playground;

public sealed class ShippedPlaygroundTests
{
    private static readonly PlaygroundPlans Plans = PlaygroundPlans.Find(RepositoryRoot.Path)!;

    [Fact]
    public void All_of_it_is_under_16_megabytes()
    {
        var bytes = new DirectoryInfo(Plans.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.InRange(bytes, 1_000_000, 16_000_000);
    }

    [Fact]
    public void The_data_sets_are_what_the_generator_writes()
    {
        var folder = Directory.CreateTempSubdirectory("rer-playground").FullName;
        try
        {
            new PlaygroundBuild(folder, new PlaygroundBuildOptions(), _ => { }).WriteData();
            Assert.Equal(5, Directory.GetFiles(folder).Length);
            Assert.All(Directory.GetFiles(folder), file =>
                Assert.Equal(File.ReadAllText(file), File.ReadAllText(Path.Combine(Plans.Folder, Path.GetFileName(file)))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_prompt_is_annotated_and_three_in_five_are_open_ended()
    {
        foreach (var name in new[] { "train.json", "validation.json", "evaluation.json" })
        {
            var prompts = PromptSet.Load(Path.Combine(Plans.Folder, name));
            Assert.Equal(0.6, prompts.CountOf(QueryType.OpenEnded) / (double)prompts.Count, 2);
            Assert.Equal(0, prompts.CountOf(null));
            Assert.All(prompts.Items, item => Assert.False(string.IsNullOrWhiteSpace(item.Reference)));
        }

        Assert.Equal(240, PromptSet.Load(Path.Combine(Plans.Folder, "evaluation.json")).Count);
    }

    [Fact]
    public void The_sets_share_no_prompt()
    {
        HashSet<string> Queries(string name) => [.. PromptSet.Load(Path.Combine(Plans.Folder, name)).Items.Select(item => item.Query)];
        var (training, validation, evaluation) = (Queries("train.json"), Queries("validation.json"), Queries("evaluation.json"));
        Assert.False(training.Overlaps(evaluation));
        Assert.False(training.Overlaps(validation));
        Assert.False(validation.Overlaps(evaluation));
    }

    [Fact]
    public void The_policy_speaks_and_the_gold_model_judges()
    {
        var plan = Plans.Plan(RewardDesign.Parse("LI"));
        using var policy = CausalLm.Load(plan.Policy, CPU);
        var tokenizer = TokenizerLoader.Load(plan.Policy);
        policy.Config.CheckVocabulary(tokenizer.VocabularySize, plan.Policy);
        using var generator = new TextGenerator(policy);
        var prompts = PromptSet.Load(plan.EvaluationData!).Take(8).Items;
        var generation = generator.Generate(
            [.. prompts.Select(prompt => tokenizer.Encode(PromptTemplate.Named(plan.Template).Render(prompt.Query)))],
            new SamplingOptions { MaxNewTokens = 64, EosIds = policy.Config.EosIds },
            [.. prompts.Select((_, i) => (ulong)i)]);
        var responses = generation.Sequences.Select(ids => tokenizer.Decode(ids)).ToArray();
        Assert.All(responses, response => Assert.Matches("[A-Za-z]", response));
        using var gold = GoldRewardModels.Load(plan.Gold!, CPU);
        Assert.Equal(8,
            gold.Score([.. prompts.Zip(responses, (prompt, response) => new GoldItem(prompt.Query, response))]).Distinct().Count());
    }

    [Fact]
    public void The_gold_model_orders_85_in_100_held_out_pairs_for_each_query_type()
    {
        using var gold = GoldRewardModels.Load(Plans.Plan(RewardDesign.Parse("LI")).Gold!, CPU);
        var pairs = PreferenceSet.Load(Path.Combine(Plans.Folder, "preferences-heldout.jsonl")).Pairs;
        foreach (var subset in pairs.GroupBy(pair => pair.Subset))
        {
            var some = subset.ToArray();
            var chosen = gold.Score([.. some.Select(pair => new GoldItem(pair.Prompt, pair.Chosen))]);
            var rejected = gold.Score([.. some.Select(pair => new GoldItem(pair.Prompt, pair.Rejected))]);
            var accuracy = chosen.Zip(rejected, (c, r) => c > r ? 1.0 : 0).Average();
            Assert.True(accuracy >= 0.85, $"{subset.Key}: {accuracy}");
        }
    }

    [Fact]
    public void The_default_plan_is_valid_and_the_same_seed_gives_the_same_plan()
    {
        var plan = Plans.Plan(RewardDesign.Parse("LI"), seed: 3);
        Assert.Empty(plan.Validate());
        Assert.Equal(plan.Hash, Plans.Plan(RewardDesign.Parse("LI"), seed: 3).Hash);
        Assert.NotEqual(plan.Hash, Plans.Plan(RewardDesign.Parse("LI"), seed: 4).Hash);
        Assert.Equal((1000, 100, 4), (plan.Ppo.Steps, plan.Evaluation.Every, plan.Evaluation.Responses));
    }

    [Fact]
    public void The_study_compares_the_papers_three_designs() =>
        Assert.Equal(["LI", "LI*RP*QR", "RER"], PlaygroundPlans.Designs.Select(design => design.Name));
}
