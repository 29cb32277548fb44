using Rer.Engine.Models;
using Rer.Engine.Training;
using Rer.Engine.Training.Estimators;

namespace Rer.Engine.Tests.Training;

/// <summary>Advantages against the other responses to a prompt.</summary>
public sealed class LeaveOneOutTests
{
    private static readonly PpoOptions Options = TinyWorld.Options with
    {
        AdvantageEstimator = AdvantageEstimator.Parse("rloo"),
        ResponsesPerPrompt = 2,
    };

    [Fact]
    public void A_response_is_measured_against_the_mean_of_the_others()
    {
        // Two prompts of three responses, of one or two tokens; the KL of the first token of each is .5 nats.
        var rollouts = new RolloutBatch(
            [[1], [1], [1], [2], [2], [2]], [[5], [5, 6], [5], [7], [7, 8], [7]], [true, true, true, true, true, true]);
        float[] logProbs = [-1, -1, -2, -1, -1, -1, -2, -1], reference = [-1.5f, -1.5f, -2, -1.5f, -1.5f, -1.5f, -2, -1.5f];
        var nothing = new float[8];
        var trace = new PolicyTrace(new TokenTrace(logProbs, nothing, nothing), reference);

        var found = Options.AdvantageEstimator.Estimator.Estimate(
            new EstimatorInput(rollouts, trace, [1, 2, 6, 4, 4, 4], KlCoefficient: 0.2, Options with { ResponsesPerPrompt = 3 }));

        // R = score - .2 x .5; against the mean of the other two: 1 - 4, 2 - 3.5, 6 - 1.5.
        Assert.Equal([-3, -1.5f, -1.5f, 4.5f, 0, 0, 0, 0], found.Applied, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal([0.9f, -0.1f, 2, 5.9f], found.Rewards[..4], (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Null(found.Returns);
        // Standard deviations sqrt(7) and 0.
        Assert.Equal(Math.Sqrt(7) / 2, found.Metrics[LeaveOneOut.SpreadMetric], 1e-5);
    }

    [Fact]
    public void A_policy_without_a_value_head_learns_and_resumes_bit_for_bit()
    {
        using var whole = new TinyWorld(Options);
        using var parted = new TinyWorld(Options);
        Assert.Null(whole.Model.ValueHead);
        var before = whole.Weights();
        var reports = Enumerable.Range(0, 4).Select(_ => whole.Trainer.Step()).ToArray();
        Assert.NotEqual(before, whole.Weights());
        Assert.All(reports, report => Assert.True(report[LeaveOneOut.SpreadMetric] >= 0));
        Assert.All(reports, report => Assert.Equal(double.NaN, report[Metric.ValueLoss]));
        Assert.All(reports, report => Assert.Equal(report[Metric.PolicyLoss], report[Metric.TotalLoss]));

        var folder = Directory.CreateTempSubdirectory("rer-rloo-").FullName;
        try
        {
            parted.Trainer.Step();
            parted.Trainer.Step();
            parted.Trainer.Save(folder);
            using var resumed = new TinyWorld(Options);
            resumed.Trainer.Load(folder, step: 2);
            resumed.Trainer.Step();
            resumed.Trainer.Step();
            Assert.Equal(whole.Weights(), resumed.Weights());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_responses_to_a_prompt_are_sampled_together_and_differ()
    {
        using var world = new TinyWorld(Options with { BatchSize = 8, ResponsesPerPrompt = 4 });
        var batch = world.Trainer.StepPrompts();
        Assert.Equal(8, batch.Length);
        Assert.All(batch.Chunk(4), prompts => Assert.Single(prompts.Select(prompt => prompt.Item.Query).Distinct()));
        Assert.Equal(2, batch.Select(prompt => prompt.Item.Query).Distinct().Count());
    }

    [Theory]
    [InlineData(1, "--responses-per-prompt: 1 is too few for rloo: it compares at least 2.")]
    [InlineData(3, "--batch-size: 4 is not a multiple of the 3 responses that rloo samples for each prompt.")]
    public void Too_few_responses_are_refused(int responses, string message) =>
        Assert.Contains(message, Messages(Options with { ResponsesPerPrompt = responses }));

    [Fact]
    public void Options_of_a_value_function_are_refused_without_one() => Assert.Contains(
        "--detach-value-head: does nothing with rloo, which has no value function. Leave it out.",
        Messages(Options with { DetachValueHead = true }));

    [Fact]
    public void An_estimator_of_no_known_name_is_refused_with_those_there_are()
    {
        var error = Assert.Throws<FormatException>(() => AdvantageEstimator.Parse("grppo"));
        Assert.Equal("'grppo' is no advantage estimator. Known ones: gae, rloo.", error.Message);
    }

    private static IEnumerable<string> Messages(PpoOptions options) => options.Validate().Select(error => error.ToString());
}
