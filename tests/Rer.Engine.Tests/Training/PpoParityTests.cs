using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Playground.Language;
using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Training;

/// <summary>Three consecutive steps of TRL 0.7.4 on a tiny Llama, tensor by tensor.</summary>
[Trait("Runs", "OnDevice")]
public sealed class PpoParityTests
{
    private const double Tolerance = 1e-4;
    private const double WeightTolerance = 5e-5;
    private const int Batch = 8;

    [Theory]
    [InlineData("right", 4, 2, 0)]
    [SharedData("left", 4, 2, 0)]
    [SharedData("mb2-gas2", 2, 2, 0)]
    [SharedData("warmup", 4, 2, 10)]
    public void Three_steps_are_the_references(string variant, int miniBatch, int accumulation, int warmup)
    {
        using var fixture = new PpoFixture(Fixtures.File("ppo", variant));
        using var model = CausalLm.Load(Fixtures.File("models", "tiny-llama"), TestDevice.Device, ScalarType.Float32);
        model.AddLora(new LoraOptions(), seed: 0);
        model.AddValueHead(seed: 0);
        foreach (var (name, parameter) in model.TrainableParameters()) Restore(parameter, fixture.Tensor($"init.{ReferenceName(name)}"));
        var options = new PpoOptions
        {
            BatchSize = Batch,
            MiniBatchSize = miniBatch,
            GradientAccumulation = accumulation,
            LearningRate = 1e-3,
            WarmupSteps = warmup,
        };
        using var trainer = new PpoTrainer(model, null!, null!, [new EncodedPrompt(new PromptItem(0, "", null, null), [1])], options, 0);

        var rollouts = new RolloutBatch(
            [.. Enumerable.Range(0, Batch).Select(i => fixture.Ids($"query.{i}"))],
            [.. Enumerable.Range(0, Batch).Select(i => fixture.Ids($"response.{i}"))],
            new bool[Batch]);
        for (var step = 1; step <= 3; step++) CheckStep(fixture, trainer, model, rollouts, options, step);
    }

    private static void CheckStep(PpoFixture fixture, PpoTrainer trainer, CausalLm model, RolloutBatch rollouts, PpoOptions options,
        int step)
    {
        var meta = fixture.Step(step);
        var places = Places(fixture, step);
        double[] Expected(string name)
        {
            var values = fixture.Values($"step{step}.{name}");
            return [.. places.Select(i => values[i])];
        }

        var trace = new ActorCritic(model, options.TokenBudget, degreeOfParallelism: 1).Trace(rollouts);
        AssertClose(Expected("policy.logprobs"), trace.LogProbs, Tolerance, "log-probs");
        AssertClose(Expected("policy.values"), trace.Values, Tolerance, "values");
        AssertClose(Expected("ref.logprobs"), trace.ReferenceLogProbs, Tolerance, "reference log-probs");

        var orders = meta.GetProperty("permutations").EnumerateArray().Select(PpoFixture.Integers).ToArray();
        trainer.MinibatchOrder = (_, epoch) => orders[epoch];
        var scores = PpoFixture.Doubles(meta.GetProperty("scores_raw"));
        var learned = trainer.Learn(rollouts, trace, scores);

        AssertClose(Expected("rewards"), learned.Advantages.Rewards, Tolerance, "token rewards");
        AssertClose(Expected("advantages"), learned.Advantages.Applied, Tolerance, "advantages");
        AssertClose(Expected("advantages_unwhitened"), learned.Advantages.Raw, Tolerance, "raw advantages");
        AssertClose(Expected("returns"), learned.Advantages.Returns!, Tolerance, "returns");
        PpoFixture.AssertClose(fixture.Values($"step{step}.scores_normalised"), learned.NormalisedScores, Tolerance, "normalised scores");

        var minibatches = meta.GetProperty("minibatches").EnumerateArray().ToArray();
        Assert.Equal(minibatches.Length, learned.Minibatches.Count);
        foreach (var (expected, actual) in minibatches.Zip(learned.Minibatches))
        {
            Assert.Equal(expected.GetProperty("loss/policy").GetDouble(), actual.PolicyLoss, Tolerance);
            Assert.Equal(expected.GetProperty("loss/value").GetDouble(), actual.ValueLoss, Tolerance);
            Assert.Equal(expected.GetProperty("policy/approxkl").GetDouble(), actual.ApproximateKl, Tolerance);
            Assert.Equal(expected.GetProperty("policy/clipfrac").GetDouble(), actual.ClipFraction, 1e-6);
            Assert.Equal(expected.GetProperty("val/clipfrac").GetDouble(), actual.ValueClipFraction, 1e-6);
        }

        var norms = learned.Minibatches.Where(m => !double.IsNaN(m.GradientNorm)).Select(m => m.GradientNorm).ToArray();
        var expectedNorms = meta.GetProperty("optimizer_steps").EnumerateArray()
            .Select(o => o.GetProperty("grad_global_norm_seen_by_adam").GetDouble()).ToArray();
        PpoFixture.AssertClose(expectedNorms, norms, 1e-3, "gradient norms");
        Assert.Equal(meta.GetProperty("kl_coef_after").GetDouble(), learned.KlCoefficientAfter, 1e-9);
        foreach (var (name, parameter) in model.TrainableParameters())
        {
            AssertClose(fixture.Values($"step{step}.after.{ReferenceName(name)}"), parameter.cpu().data<float>().ToArray(), WeightTolerance,
                name);
        }
    }

    /// <summary>Where the response tokens stand in the reference's padded `[batch, length - 1]` tensors, in our flat order.</summary>
    private static int[] Places(PpoFixture fixture, int step)
    {
        var mask = fixture.Values($"step{step}.policy.masks");
        return [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == 1)];
    }

    /// <summary>The reference wraps policy and value head in one module and names PEFT's default adapter.</summary>
    private static string ReferenceName(string name) =>
        name.StartsWith("v_head.", StringComparison.Ordinal) ? name
            : "pretrained_model."
                + name.Replace(".lora_A.weight", ".lora_A.default.weight").Replace(".lora_B.weight", ".lora_B.default.weight");

    private static void Restore(Tensor parameter, Tensor value)
    {
        using var guard = no_grad();
        parameter.copy_(value);
        value.Dispose();
    }

    private static void AssertClose(double[] expected, float[] actual, double tolerance, string what) =>
        PpoFixture.AssertClose(expected, [.. actual.Select(v => (double)v)], tolerance, what);
}
