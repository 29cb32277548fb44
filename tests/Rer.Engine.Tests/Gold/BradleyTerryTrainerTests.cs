using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Gold;

public sealed class BradleyTerryTrainerTests : IDisposable
{
    private static readonly GoldTemplate Template = new("", "?", "$");
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-gold").FullName;
    private readonly CharacterTokenizer _tokenizer = new();

    public BradleyTerryTrainerTests()
    {
        using var policy = CausalLm.Create(TinyModels.Config(), 1);
        policy.SaveFolder(Path.Combine(_folder, "policy"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Training_learns_which_answer_is_preferred()
    {
        using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
        var trainer = Trainer(model);
        Assert.Equal(0.5, trainer.Accuracy(Pairs(2))[""]);
        var losses = new List<double>();
        trainer.Train(BradleyTerryTrainer.Repeat(Pairs(1), seed: 1), report => losses.Add(report.Loss));
        Assert.True(losses[^1] < 0.2, $"the last loss is {losses[^1]}");
        var accuracy = trainer.Accuracy(Pairs(2));
        Assert.True(accuracy[""] > 0.95, $"held-out accuracy is {accuracy[""]}");
        Assert.Equal(["", "long", "short"], accuracy.Keys);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights()
    {
        Assert.Equal(Train(), Train());

        float[] Train()
        {
            using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
            Trainer(model, steps: 5).Train(BradleyTerryTrainer.Repeat(Pairs(1), seed: 1));
            return [.. model.Parameters.SelectMany(parameter => parameter.Tensor.data<float>().ToArray())];
        }
    }

    [Fact]
    public void A_saved_model_scores_as_before()
    {
        using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
        Trainer(model, steps: 20).Train(BradleyTerryTrainer.Repeat(Pairs(1), seed: 1));
        var folder = Path.Combine(_folder, "gold");
        model.Save(folder, ScalarType.Float32);
        using var loaded = RewardModel.Load(folder, CPU);
        GoldItem[] items = [new("ab", "good"), new("abcdef", "bad")];
        using var before = new CheckpointGold("before", model, _tokenizer, Template);
        using var after = new CheckpointGold("after", loaded, _tokenizer, Template);
        Assert.Equal(before.Score(items), after.Score(items));
    }

    [Fact]
    public void An_answer_that_another_begins_with_is_learned_as_if_it_stood_alone()
    {
        // The longer the better, except that a z spoils it.
        PreferencePair[] nested =
            [new("q", "ab", "a"), new("q", "abc", "ab"), new("q", "abc", "abcz"), new("q", "ab", "abcz"), new("q", "abcz", "abczz")];
        var template = new GoldTemplate("", "?", "");
        using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
        var options = new BradleyTerryOptions { Steps = 100, TokensPerBatch = 64, LearningRate = 3e-3 };
        new BradleyTerryTrainer(model, _tokenizer, template, options).Train(BradleyTerryTrainer.Repeat(nested, seed: 1));
        using var gold = new CheckpointGold("gold", model, _tokenizer, template);
        Assert.All(nested, pair => Assert.True(Reward(pair.Chosen) > Reward(pair.Rejected), $"{pair.Chosen} against {pair.Rejected}"));

        double Reward(string answer) => gold.Score([new GoldItem("q", answer)])[0];
    }

    [Fact]
    public void Where_three_of_four_annotators_agree_the_margin_is_the_logarithm_of_three()
    {
        using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
        PreferencePair[] pairs = [new("q", "good", "bad") { Agreement = 0.75 }];
        Trainer(model).Train(BradleyTerryTrainer.Repeat(pairs, seed: 1));
        using var gold = new CheckpointGold("gold", model, _tokenizer, Template);
        var rewards = gold.Score([new GoldItem("q", "good"), new GoldItem("q", "bad")]);
        Assert.Equal(Math.Log(3), rewards[0] - rewards[1], 0.05);
    }

    [Fact]
    public void Pairs_that_are_longer_than_what_is_read_are_counted()
    {
        using var model = RewardModel.FromPolicy(Path.Combine(_folder, "policy"), CPU);
        var trainer = new BradleyTerryTrainer(model, _tokenizer, new GoldTemplate("", "?", ""), new BradleyTerryOptions { MaxTokens = 6 });
        // One token begins a text and one stands between prompt and answer.
        Assert.Equal(2, trainer.CutIn([new("q", "abc", "a"), new("q", "abcd", "a"), new("q", "a", "abcd"), new("qq", "ab", "a")]));
    }

    private BradleyTerryTrainer Trainer(RewardModel model, int steps = 100) =>
        new(model, _tokenizer, Template, new BradleyTerryOptions { Steps = steps, TokensPerBatch = 512, LearningRate = 3e-3 });

    /// <summary>The answer with an x is preferred.</summary>
    private static PreferencePair[] Pairs(int seed)
    {
        var random = SeededRandom.From(seed, "test");
        return [.. Enumerable.Range(0, 64).Select(i =>
        {
            string Word(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(20)))]);
            var length = i % 2 == 0 ? 3 : 9;
            return new PreferencePair(Word(4), Word(length) + "x", Word(length) + "y", length == 3 ? "short" : "long");
        })];
    }
}
