using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Training;

/// <summary>What must always hold, each broken on purpose.</summary>
public sealed class PpoInvariantTests
{
    private static readonly double[] Scores = [1, 2, 0.5, 3];

    [Fact]
    public void A_step_on_an_honest_trace_breaks_nothing()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var before = world.Weights();
        var learned = world.Trainer.Learn(rollouts, world.Trace(rollouts), Scores);
        Assert.Equal(1, learned.Minibatches[0].RatioMean, 1e-5);
        Assert.NotEqual(before, world.Weights());
    }

    [Fact]
    public void Log_probs_that_disagree_with_the_update_stop_the_run_and_change_no_weight()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var trace = world.Trace(rollouts);
        for (var t = 0; t < trace.LogProbs.Length; t++)
        {
            trace.LogProbs[t] += 0.01f;
            trace.ReferenceLogProbs[t] += 0.01f;
        }

        var before = world.Weights();
        var error = Assert.Throws<TrainingInvariantException>(() => world.Trainer.Learn(rollouts, trace, Scores));
        Assert.Contains("every ratio must be 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Weights());
    }

    [Fact]
    public void A_reference_that_differs_from_the_fresh_policy_stops_the_run()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var trace = world.Trace(rollouts);
        trace.ReferenceLogProbs[2] += 0.01f;
        var error = Assert.Throws<TrainingInvariantException>(() => world.Trainer.Learn(rollouts, trace, Scores));
        Assert.Contains("policy and reference must agree", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_is_not_a_number_stops_the_run()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var error = Assert.Throws<TrainingInvariantException>(
            () => world.Trainer.Learn(rollouts, world.Trace(rollouts), [1, double.NaN, 2, 3]));
        Assert.Contains("a score is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_changes_no_weight()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var trace = world.Trace(rollouts);
        Array.Fill(trace.Values, float.PositiveInfinity);
        var before = world.Weights();
        var error = Assert.Throws<TrainingInvariantException>(() => world.Trainer.Learn(rollouts, trace, Scores));
        Assert.Contains("loss is", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Weights());
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_found_before_they_spread()
    {
        using var world = new TinyWorld();
        var rollouts = TinyWorld.SomeRollouts();
        var trace = world.Trace(rollouts);
        using (no_grad()) world.Model.TrainableParameters()[0].Tensor.fill_(double.NaN);
        Assert.Throws<TrainingInvariantException>(() => world.Trainer.Learn(rollouts, trace, Scores));
    }

    [Fact]
    public void A_gradient_that_overflows_stops_the_run_before_the_update()
    {
        using var world = new TinyWorld(TinyWorld.Options with { ValueCoefficient = 1e30, NormaliseScores = false });
        var rollouts = TinyWorld.SomeRollouts();
        var before = world.Weights();
        var error = Assert.Throws<TrainingInvariantException>(
            () => world.Trainer.Learn(rollouts, world.Trace(rollouts), [1e15, -1e15, 1e15, 1e15]));
        Assert.Contains("not applied", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Weights());
    }

    [Fact]
    public void A_response_without_a_token_is_refused()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new RolloutBatch([[1], [1]], [[5], []], [false, false]));
        Assert.Contains("Response 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minibatch_over_the_ratio_threshold_counts_but_teaches_nothing()
    {
        using var world = new TinyWorld(TinyWorld.Options with { RatioThreshold = 0.5 });
        var rollouts = TinyWorld.SomeRollouts();
        var before = world.Weights();
        var learned = world.Trainer.Learn(rollouts, world.Trace(rollouts), Scores);
        Assert.All(learned.Minibatches, m => Assert.True(m.Skipped));
        Assert.Equal(before, world.Weights());
    }
}
