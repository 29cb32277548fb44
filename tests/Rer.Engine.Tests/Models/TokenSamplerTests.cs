using Rer.Engine.Models.Generation;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class TokenSamplerTests
{
    [Theory]
    [InlineData("temp0.7", 0.7, 0, 1.0)]
    [InlineData("topk5", 1.0, 5, 1.0)]
    [InlineData("topp0.9", 1.0, 0, 0.9)]
    [InlineData("topp0.05", 1.0, 0, 0.05)]
    [InlineData("temp0.7_topk10_topp0.8", 0.7, 10, 0.8)]
    public void Warped_probabilities_equal_those_of_transformers(string name, double temperature, int topK, double topP)
    {
        using var scope = NewDisposeScope();
        using var units = Safetensors.Open(Fixtures.File("ppo", "units", "units.safetensors"));
        var options = new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP };
        var logits = units.Read("warp.logits");
        var warped = TokenSampler.Warp(logits, options);
        TensorAssert.Close(units.Read($"warp.{name}.probs"), warped.softmax(-1), 1e-6);
        Assert.True((units.Read($"warp.{name}.probs") == 0).SameAs(warped.softmax(-1) == 0));

        // Both samplers draw the token at the point of the reference's own cumulative distribution. The last row has equal
        // logits at the top, of which a small nucleus may keep any.
        logits = logits.narrow(0, 0, 5);
        var cumulative = units.Read($"warp.{name}.probs").narrow(0, 0, 5).cumsum(-1);
        for (var point = 0.05f; point < 1; point += 0.1f)
        {
            var uniforms = full([logits.shape[0], 1], point);
            var expected = searchsorted(cumulative, uniforms, right: true).squeeze(1);
            Assert.True(expected.SameAs(TokenSampler.Sample(logits, options, uniforms)));
            Assert.True(expected.SameAs(TokenSampler.Sample(logits.to(ScalarType.Float64), options, uniforms.to(ScalarType.Float64))));
        }
    }

    // In float32 the fused kernel draws, in float64 the operators it stands for.
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void The_sample_is_the_token_at_the_uniforms_point_of_the_cumulative_distribution(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var probabilities = tensor(new[] { 0.25f, 0f, 0.5f, 0.25f });
        var logits = probabilities.log().to(type).unsqueeze(0).expand(6, 4);
        var uniforms = tensor([0f, 0.24f, 0.26f, 0.74f, 0.76f, 1 - 1f / (1 << 23)], [6, 1]).to(type);
        Assert.Equal([0, 0, 2, 2, 3, 3], TokenSampler.Sample(logits, new SamplingOptions(), uniforms).data<long>().ToArray());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_token_without_mass_is_never_drawn(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var logits = (randn([4096, 300], generator: generator) * 3).to(type);
        var options = new SamplingOptions { TopK = 2 };
        var uniforms = tensor(Enumerable.Range(0, 4096).Select(i => i % 2 == 0 ? 0f : 1 - 1f / (1 << 23)).ToArray(), [4096, 1]).to(type);
        var chosen = TokenSampler.Sample(logits, options, uniforms);
        var mass = TokenSampler.Warp(logits, options).softmax(-1).gather(1, chosen.unsqueeze(1));
        Assert.True(mass.min().to(ScalarType.Float32).item<float>() > 0);
    }

    [Fact]
    public void Draws_have_the_frequencies_of_the_distribution()
    {
        using var scope = NewDisposeScope();
        const int draws = 40_000;
        var probabilities = new[] { 0.5f, 0.3f, 0.15f, 0.05f };
        var logits = tensor(probabilities).log().unsqueeze(0).expand(draws, 4);
        var uniforms = tensor(Enumerable.Range(0, draws).Select(i => UniformStream.At(seed: 9, i)).ToArray(), [draws, 1]);
        var counts = TokenSampler.Sample(logits, new SamplingOptions(), uniforms).data<long>().ToArray().CountBy(id => id).ToDictionary();
        for (var id = 0; id < 4; id++)
        {
            var standardError = Math.Sqrt(probabilities[id] * (1 - probabilities[id]) / draws);
            Assert.InRange(counts[id] / (double)draws, probabilities[id] - 4 * standardError, probabilities[id] + 4 * standardError);
        }
    }

    [Fact]
    public void Streams_of_neighbouring_seeds_are_unrelated_and_uniform()
    {
        const int count = 20_000;
        double sum = 0, product = 0;
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (UniformStream.At(1, i) - 0.5, UniformStream.At(2, i) - 0.5);
            sum += a;
            product += a * b;
        }
        Assert.InRange(sum / count, -4 * Math.Sqrt(1 / 12.0 / count), 4 * Math.Sqrt(1 / 12.0 / count));
        Assert.InRange(product / count, -4 / 12.0 / Math.Sqrt(count), 4 / 12.0 / Math.Sqrt(count));
    }
}
