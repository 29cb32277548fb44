using Rer.Engine.Models;
using Rer.Engine.Training;
using Rer.Engine.Training.Estimators;

namespace Rer.Engine.Tests.Training;

/// <summary>Single functions of the reference on random input.</summary>
public sealed class PpoUnitTests
{
    private const int Rows = 5, Columns = 17;

    private static PpoFixture Units() => new(Fixtures.File("ppo", "units"), "units.safetensors", "units.json");

    /// <summary>The masked places of the reference's `[rows, columns]` tensors, as flat rollouts, with those places.</summary>
    private static (RolloutBatch Rollouts, int[] Places) Masked(PpoFixture units)
    {
        var mask = units.Values("in.mask");
        var places = Enumerable.Range(0, Rows * Columns).Where(i => mask[i] == 1).ToArray();
        var responses = places.GroupBy(i => i / Columns).Select(row => row.Select(_ => 7).ToArray()).ToArray();
        return (new RolloutBatch(responses.Select(_ => new[] { 1 }).ToArray(), responses, responses.Select(_ => false).ToArray()), places);
    }

    private static float[] Pick(double[] values, int[] places) => [.. places.Select(i => (float)values[i])];

    [Theory]
    [InlineData("g1_l095", 1, .95)]
    [InlineData("g099_l09", .99, .9)]
    public void Advantages_and_returns_are_the_references(string name, double gamma, double lambda)
    {
        using var units = Units();
        var (rollouts, places) = Masked(units);
        var values = Pick(units.Values("in.values"), places);
        var rewards = Pick(units.Values("in.rewards"), places);

        // Token rewards enter through the KL term: with beta 1 and a zero reference, r_t = -(-r_t).
        var nothing = new float[rewards.Length];
        var trace = new PolicyTrace(new TokenTrace(Array.ConvertAll(rewards, r => -r), nothing, values), nothing);
        var advantages = Estimate(rollouts, trace, new double[Rows], 1, new PpoOptions { Gamma = gamma, Lambda = lambda });

        AssertMasked(units, $"compute_advantages.{name}.1.f64", places, advantages.Applied, 1e-5);
        AssertMasked(units, $"compute_advantages.{name}.2.f64", places, advantages.Returns!, 1e-5);
    }

    [Fact]
    public void Token_rewards_are_the_KL_penalty_and_the_score_on_the_last_token()
    {
        using var units = Units();
        var (rollouts, places) = Masked(units);
        var nothing = new float[places.Length];
        var trace = new PolicyTrace(new TokenTrace(Pick(units.Values("in.logprobs"), places), nothing, nothing),
            Pick(units.Values("in.ref_logprobs"), places));
        var advantages = Estimate(
            rollouts, trace, units.Values("in.scores"), units.Meta.GetProperty("kl_coef").GetDouble(), new PpoOptions());
        AssertMasked(units, "compute_rewards.kl.0.f64", places, advantages.Rewards, 1e-5);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("ratio_over_threshold")]
    public void The_objective_its_statistics_and_its_gradient_are_the_references(string name)
    {
        using var units = Units();
        var (_, places) = Masked(units);
        float[] Input(string input) => Pick(units.Values($"in.{input}"), places);

        var nothing = new float[places.Length];
        var trace = new PolicyTrace(new TokenTrace(Input("logprobs"), nothing, Input("values")), nothing);
        var advantages = new Advantages(Input("loss.advantages"), nothing, nothing) { Returns = Input("loss.returns") };
        var objective = new PpoObjective(trace, advantages, new PpoOptions());
        int[] order = [.. Enumerable.Range(0, places.Length)];
        objective.Compute(order, Input($"loss.{name}.new_logprobs"), Input("loss.vpreds"));
        var report = objective.Summarise(order);

        var expected = units.Meta.GetProperty($"loss.{name}.f64");
        double Expected(string statistic) => expected.GetProperty(statistic).GetDouble();
        Assert.Equal(Expected("loss_p"), report.PolicyLoss, 1e-5);
        Assert.Equal(Expected("loss_v"), report.ValueLoss, 1e-5);
        Assert.Equal(Expected("policy/approxkl"), report.ApproximateKl, 1e-5);
        Assert.Equal(Expected("policy/clipfrac"), report.ClipFraction, 1e-6);
        Assert.Equal(Expected("val/clipfrac"), report.ValueClipFraction, 1e-6);
        Assert.Equal(name == "ratio_over_threshold", report.Skipped);

        float Weighted(float gradient) => report.Skipped ? 0 : gradient / places.Length;
        AssertMasked(units, $"loss.{name}.grad_new_logprobs.f64", places, Array.ConvertAll(objective.LogProbGradient, Weighted), 1e-6);
        AssertMasked(units, $"loss.{name}.grad_vpreds.f64", places, Array.ConvertAll(objective.ValueGradient, Weighted), 1e-6);
    }

    [Theory]
    [InlineData("adaptive_kl.a")]
    [InlineData("adaptive_kl.b")]
    public void The_KL_coefficient_follows_the_references_controller(string name)
    {
        using var units = Units();
        var figures = units.Meta.GetProperty(name);
        var controller = new KlController(new PpoOptions
        {
            KlCoefficient = figures.GetProperty("init").GetDouble(),
            KlTarget = figures.GetProperty("target").GetDouble(),
            KlHorizon = figures.GetProperty("horizon").GetDouble(),
        });
        var expected = PpoFixture.Doubles(figures.GetProperty("value_after"));
        var samples = figures.GetProperty("n_steps").GetInt32();
        foreach (var (kl, after) in PpoFixture.Doubles(figures.GetProperty("kl")).Zip(expected))
        {
            controller.Update(kl, samples);
            Assert.Equal(after, controller.Coefficient, 1e-12);
        }
    }

    [Fact]
    public void Running_moments_and_normalised_scores_are_the_references_over_20_batches()
    {
        using var units = Units();
        var moments = new RunningMoments();
        foreach (var batch in units.Meta.GetProperty("running_moments").EnumerateArray())
        {
            var scores = PpoFixture.Doubles(batch.GetProperty("scores"));
            moments.Update(scores);
            Assert.Equal(batch.GetProperty("mean").GetDouble(), moments.Mean, 1e-5);
            Assert.Equal(batch.GetProperty("var").GetDouble(), moments.Variance, 1e-5);
            Assert.Equal(batch.GetProperty("std").GetDouble(), moments.Std, 1e-5);
            PpoFixture.AssertClose(PpoFixture.Doubles(batch.GetProperty("normed_clip10")), moments.Normalise(scores, 10), 1e-4, "clip 10");
            PpoFixture.AssertClose(PpoFixture.Doubles(batch.GetProperty("normed_clip2.5")), moments.Normalise(scores, 2.5), 1e-4,
                "clip 2.5");
        }
    }

    [Fact]
    public void One_score_has_no_standard_deviation_and_is_normalised_to_zero()
    {
        var moments = new RunningMoments();
        moments.Update([0.7]);
        Assert.Equal((0.7, 1.0, 1.0), (moments.Mean, moments.Std, moments.Count));
        Assert.Equal([0], moments.Normalise([0.7], 10));
        moments.Update([0.9]);
        Assert.Equal(0.8, moments.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(0.02), moments.Std, 1e-12);
    }

    [Fact]
    public void Scores_whose_squares_are_no_numbers_are_refused()
    {
        var error = Assert.Throws<TrainingInvariantException>(() => new RunningMoments().Update([1e200, -1e200]));
        Assert.StartsWith("Scores from -1E+200 to 1E+200", error.Message);
    }

    private static Advantages Estimate(
        RolloutBatch rollouts, PolicyTrace trace, IReadOnlyList<double> scores, double klCoefficient, PpoOptions options) =>
        AdvantageEstimator.Parse("gae").Estimator.Estimate(new EstimatorInput(rollouts, trace, scores, klCoefficient, options));

    private static void AssertMasked(PpoFixture units, string name, int[] places, float[] actual, double tolerance)
    {
        var expected = units.Values(name);
        PpoFixture.AssertClose([.. places.Select(i => expected[i])], [.. actual.Select(v => (double)v)], tolerance, name);
    }
}
