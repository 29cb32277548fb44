using Rer.Engine.Data.Prompts;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Training;

public sealed class PpoTrainerTests
{
    [Fact]
    public void A_step_records_every_metric()
    {
        using var world = new TinyWorld();
        var report = world.Trainer.Step();
        Assert.Equal(1, report.Step);
        string[] names =
        [
            .. typeof(Metric).GetFields().Select(f => (string)f.GetRawConstantValue()!), Metric.Feature(QueryType.OpenEnded, "LI"),
        ];
        Assert.All(names, name => Assert.True(double.IsFinite(report[name]), $"{name} is {report[name]}"));
    }

    [Fact]
    public void Training_on_length_makes_responses_longer()
    {
        using var world = new TinyWorld(TinyWorld.Options with { BatchSize = 16, LearningRate = 5e-3, KlCoefficient = 0.02, Epochs = 4 });
        var lengths = Enumerable.Range(0, 60).Select(_ => world.Trainer.Step()[Metric.ProxyMean]).ToArray();
        Assert.True(
            lengths[^10..].Average() > lengths[..10].Average() * 1.05,
            $"proxy went from {lengths[..10].Average():g3} to {lengths[^10..].Average():g3}");
    }

    [Fact]
    public void A_batch_of_one_is_trained_on_and_saved_after_its_first_step()
    {
        var options = TinyWorld.Options with { BatchSize = 1, MiniBatchSize = 1, GradientAccumulation = 1 };
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            using var whole = new TinyWorld(options);
            whole.Trainer.Step();
            whole.Trainer.Save(folder);
            whole.Trainer.Step();

            using var resumed = new TinyWorld(options);
            resumed.Trainer.Load(folder);
            resumed.Trainer.Step();
            Assert.Equal(whole.Weights(), resumed.Weights());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_resumed_trainer_repeats_the_uninterrupted_one_bit_for_bit()
    {
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            using var whole = new TinyWorld();
            var reports = Enumerable.Range(0, 6).Select(_ => whole.Trainer.Step()).ToArray();

            using (var first = new TinyWorld())
            {
                for (var i = 0; i < 3; i++) first.Trainer.Step();
                first.Trainer.Save(folder);
            }

            using var second = new TinyWorld();
            second.Trainer.Load(folder);
            Assert.Equal(3, second.Trainer.StepsDone);
            for (var i = 3; i < 6; i++)
            {
                var report = second.Trainer.Step();
                foreach (var (name, value) in reports[i].Values.Where(v => !IsClockOrMemory(v.Key))) Assert.Equal(value, report[name]);
            }

            Assert.Equal(whole.Weights(), second.Weights());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Parts_computed_at_the_same_time_repeat_bit_for_bit_and_agree_with_the_whole(int ways)
    {
        var options = TinyWorld.Options with { BatchSize = 12, MiniBatchSize = 2, GradientAccumulation = 3, TokenBudget = 60 };
        using var whole = new TinyWorld(options, ways: 1);
        using var parted = new TinyWorld(options, ways: ways);
        using var again = new TinyWorld(options, ways: ways);
        for (var step = 0; step < 3; step++)
        {
            var (expected, found, repeated) = (whole.Trainer.Step(), parted.Trainer.Step(), again.Trainer.Step());
            foreach (var (name, value) in expected.Values.Where(v => !IsClockOrMemory(v.Key)))
            {
                if (double.IsNaN(value)) Assert.Equal(value, found[name]);
                else Assert.Equal(value, found[name], 1e-3 * (1 + Math.Abs(value)));
                Assert.Equal(found[name], repeated[name]);
            }
        }

        Assert.Equal(parted.Weights(), again.Weights());
        foreach (var (expected, found) in whole.Weights().Zip(parted.Weights())) Assert.Equal(expected, found, 1e-3);
    }

    [Fact]
    public void A_state_of_another_seed_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            using var one = new TinyWorld(seed: 1);
            one.Trainer.Save(folder);
            using var two = new TinyWorld(seed: 2);
            var error = Assert.Throws<InvalidDataException>(() => two.Trainer.Load(folder));
            Assert.Contains("written with seed 1, but the plan has 2", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_token_budget_changes_no_number_beyond_rounding()
    {
        using var roomy = new TinyWorld();
        using var tight = new TinyWorld(TinyWorld.Options with { TokenBudget = 1 });
        roomy.Trainer.Step();
        tight.Trainer.Step();
        PpoFixture.AssertClose(
            [.. roomy.Weights().Select(w => (double)w)], [.. tight.Weights().Select(w => (double)w)], 1e-5, "weights");
    }

    [Fact]
    public void A_step_given_up_during_its_update_leaves_everything_as_it_was()
    {
        using var undisturbed = new TinyWorld();
        using var disturbed = new TinyWorld();
        using var giveUp = new CancellationTokenSource();
        undisturbed.Trainer.Step();
        disturbed.Trainer.Step();
        var before = disturbed.Weights();
        // The first step's update was quick, which says that one need not be taken back: a new trainer knows nothing of the kind.
        using var resumed = Resumed(disturbed);
        resumed.Trainer.MinibatchOrder = (_, epoch) =>
        {
            if (epoch == 1) giveUp.Cancel();
            return [0, 1, 2, 3];
        };

        Assert.Throws<OperationCanceledException>(() => resumed.Trainer.Step(giveUp.Token));

        Assert.Equal(1, resumed.Trainer.StepsDone);
        Assert.Equal(before, resumed.Weights());
        resumed.Trainer.MinibatchOrder = null;
        var (expected, found) = (undisturbed.Trainer.Step(), resumed.Trainer.Step());
        foreach (var (name, value) in expected.Values.Where(v => !IsClockOrMemory(v.Key))) Assert.Equal(value, found[name]);
        Assert.Equal(undisturbed.Weights(), resumed.Weights());
    }

    [Fact]
    public void A_step_given_up_before_it_begins_to_learn_changes_nothing()
    {
        using var world = new TinyWorld();
        var before = world.Weights();
        using var giveUp = new CancellationTokenSource();
        giveUp.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => world.Trainer.Step(giveUp.Token));
        Assert.Equal(before, world.Weights());
        Assert.Equal(0, world.Trainer.StepsDone);
    }

    private static TinyWorld Resumed(TinyWorld from)
    {
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            from.Trainer.Save(folder);
            var world = new TinyWorld();
            world.Trainer.Load(folder);
            return world;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsClockOrMemory(string metric) =>
        metric.StartsWith("seconds/", StringComparison.Ordinal) || metric.StartsWith("speed/", StringComparison.Ordinal)
        || metric.StartsWith("memory/", StringComparison.Ordinal);
}
