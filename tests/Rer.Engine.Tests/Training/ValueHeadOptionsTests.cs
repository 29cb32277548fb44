using Rer.Engine.Models.Weights;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Training;

/// <summary>What moves the adapter: the policy's loss, the value's, or both.</summary>
public sealed class ValueHeadOptionsTests
{
    private const double Rounding = 1e-6;

    [Fact]
    public void A_detached_value_head_moves_the_adapter_no_more_than_a_value_loss_without_weight()
    {
        using var detached = new TinyWorld(TinyWorld.Options with { DetachValueHead = true });
        using var unweighted = new TinyWorld(TinyWorld.Options with { ValueCoefficient = 0 });
        using var shared = new TinyWorld();
        var start = Head(detached);
        foreach (var world in new[] { detached, unweighted, shared }) world.Trainer.Step();
        AssertClose(Adapter(unweighted), Adapter(detached));
        Assert.Contains(Adapter(shared).Zip(Adapter(detached)), pair => Math.Abs(pair.First - pair.Second) > 100 * Rounding);
        Assert.Equal(start, Head(unweighted));
        Assert.NotEqual(start, Head(detached));
    }

    [Fact]
    public void The_parts_of_the_gradient_are_those_of_each_loss_alone()
    {
        using var both = new TinyWorld();
        using var policy = new TinyWorld(TinyWorld.Options with { ValueCoefficient = 0 });
        using var detached = new TinyWorld(TinyWorld.Options with { DetachValueHead = true });
        using var heavier = new TinyWorld(TinyWorld.Options with { ValueCoefficient = 3 });
        var (report, alone, apart, more) = (both.Trainer.Step(), policy.Trainer.Step(), detached.Trainer.Step(), heavier.Trainer.Step());
        Assert.Equal(alone[Metric.PolicyGradientNorm], report[Metric.PolicyGradientNorm], 1e-5);
        Assert.Equal(alone[Metric.PolicyGradientNorm], apart[Metric.PolicyGradientNorm], 1e-5);
        Assert.True(report[Metric.ValueGradientNorm] > 0 && report[Metric.PolicyGradientNorm] > 0);
        Assert.Equal(3 * report[Metric.ValueGradientNorm], more[Metric.ValueGradientNorm], 1e-4);
        Assert.Equal((0, 0), (apart[Metric.ValueGradientNorm], alone[Metric.ValueGradientNorm]));
        Assert.Equal((double.NaN, double.NaN),
            (both.Trainer.Step()[Metric.PolicyGradientNorm], both.Trainer.Step()[Metric.ValueGradientNorm]));
    }

    [Theory]
    [InlineData(2, 60)]
    [InlineData(3, 16_384)]
    public void The_parts_add_up_over_passes_and_threads(int ways, int tokenBudget)
    {
        var options = TinyWorld.Options with { BatchSize = 12, MiniBatchSize = 2, GradientAccumulation = 3 };
        using var whole = new TinyWorld(options, ways: 1);
        using var parted = new TinyWorld(options with { TokenBudget = tokenBudget }, ways: ways);
        var (expected, found) = (whole.Trainer.Step(), parted.Trainer.Step());
        foreach (var name in new[] { Metric.PolicyGradientNorm, Metric.ValueGradientNorm })
        {
            Assert.True(expected[name] > 0);
            Assert.Equal(expected[name], found[name], 1e-5 * (1 + expected[name]));
        }
    }

    [Fact]
    public void In_the_warm_up_the_value_head_learns_and_the_policy_stays()
    {
        using var world = new TinyWorld(TinyWorld.Options with { ValueWarmupSteps = 3 });
        var (adapter, head) = (Adapter(world), Head(world));
        for (var step = 0; step < 3; step++)
        {
            var report = world.Trainer.Step();
            var part = step == 0 ? 0 : double.NaN; // measured in the first step, then in the eleventh
            Assert.Equal((part, part), (report[Metric.PolicyGradientNorm], report[Metric.ValueGradientNorm]));
            Assert.Equal(TinyWorld.Options.KlCoefficient, report[Metric.KlCoefficient]);
            Assert.True(report[Metric.GradientNorm] > 0);
        }

        Assert.Equal(adapter, Adapter(world));
        Assert.NotEqual(head, Head(world));
        world.Trainer.Step();
        // Two updates a step, and Adam's first two are no larger than its learning rate: their count begins with the first gradient.
        var moves = adapter.Zip(Adapter(world), (before, after) => Math.Abs(after - before)).ToArray();
        Assert.InRange(moves.Max(), Rounding, 2.01 * TinyWorld.Options.LearningRate);
    }

    [Fact]
    public void The_value_heads_learning_rate_is_its_own()
    {
        var detached = TinyWorld.Options with { DetachValueHead = true };
        using var same = new TinyWorld(detached);
        using var said = new TinyWorld(detached with { ValueLearningRate = detached.LearningRate });
        using var faster = new TinyWorld(detached with { ValueLearningRate = 20 * detached.LearningRate });
        var start = Head(same);
        foreach (var world in new[] { same, said, faster }) world.Trainer.Step();
        Assert.Equal(same.Weights(), said.Weights());
        Assert.Equal(Adapter(same), Adapter(faster));
        Assert.InRange(Largest(start, Head(faster)), 10 * Largest(start, Head(same)), 40 * Largest(start, Head(same)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_resumed_run_repeats_the_whole_one_within_and_after_the_warm_up(int saveAt)
    {
        var options = TinyWorld.Options with { ValueWarmupSteps = 4, ValueLearningRate = 5e-3 };
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            using var whole = new TinyWorld(options);
            for (var step = 0; step < 8; step++)
            {
                if (step == saveAt) whole.Trainer.Save(folder);
                whole.Trainer.Step();
            }

            using var resumed = new TinyWorld(options);
            resumed.Trainer.Load(folder);
            while (resumed.Trainer.StepsDone < 8) resumed.Trainer.Step();
            Assert.Equal(whole.Weights(), resumed.Weights());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_recipes_state_is_written_as_before()
    {
        var folder = Directory.CreateTempSubdirectory("rer-trainer-").FullName;
        try
        {
            using var world = new TinyWorld();
            world.Trainer.Step();
            world.Trainer.Save(folder);
            Assert.DoesNotContain("PolicyOptimizerSteps", File.ReadAllText(Path.Combine(folder, "trainer.json")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Adapter(TinyWorld world) => Values(world.Model.Adapter!.Parameters);

    private static float[] Head(TinyWorld world) => Values(world.Model.ValueHead!.Parameters);

    private static float[] Values(IEnumerable<NamedTensor> parameters) => [.. parameters.SelectMany(p => p.Tensor.data<float>().ToArray())];

    private static double Largest(float[] before, float[] after) => before.Zip(after, (b, a) => Math.Abs((double)a - b)).Max();

    private static void AssertClose(float[] expected, float[] found)
    {
        foreach (var (one, other) in expected.Zip(found)) Assert.Equal(one, other, Rounding);
    }
}
