using Rer.Engine.Kernels;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Kernels;

/// <summary>Kernels that only decoding calls, which know no gradient.</summary>
public sealed class DecodingKernelTests : KernelComparison
{
    [Theory]
    [InlineData(1, 64, 10)]
    [InlineData(7, 43, 33)]
    [InlineData(16, 688, 256)]
    public void A_linear_layer_over_few_rows_is_the_operators_and_no_row_depends_on_the_others(long rows, long inputs, long outputs)
    {
        using var _ = no_grad();
        var (x, weight, bias) = (Normal(rows, 1, inputs), Normal(outputs, inputs), Normal(outputs));
        var y = Simd.Linear(x, weight, bias);
        Assert.True(y.allclose(Operators.Linear(x, weight, bias), 1e-4, 1e-4));
        Assert.True(y.allclose(Simd.Linear(x, weight, null) + bias, 1e-6, 1e-6));
        Assert.True(y.narrow(0, rows - 1, 1).eq(Simd.Linear(x.narrow(0, rows - 1, 1), weight, bias)).all().item<bool>());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(6)]
    public void Decoding_token_by_token_is_attention_over_the_whole(int? window)
    {
        using var _ = no_grad();
        const int rows = 3, tokens = 20;
        var shape = new HeadShape(4, 2, 20, 0.2, window);
        var (stacked, rotation, starts) = (Normal(rows, tokens, shape.Stacked), Angles(rows, tokens, 8), tensor(new long[] { 0, 4, 1 }));
        var mask = arange(tokens).unsqueeze(0) >= starts.unsqueeze(1);
        var whole = Operators.Attend(stacked, shape, rotation, SequenceLayout.Rows(arange(tokens).unsqueeze(0), mask), null);
        foreach (var kernels in (IKernels[])[Simd, Operators])
        {
            Tensor Empty() => full([rows + 1, shape.KeyValueHeads, tokens + 5, shape.Size], float.NaN);
            var cache = new KeyValues(Empty(), Empty());
            for (var token = 0; token < tokens; token++)
            {
                Tensor Of(Tensor x) => x.narrow(1, token, 1).contiguous();
                var step = kernels.AttendCached(Of(stacked), shape, new Rotation(Of(rotation.Cos), Of(rotation.Sin)), cache,
                    starts.clamp_max(token), token);
                var real = mask.select(1, token);
                Assert.True(step[real].allclose(whole.narrow(1, token, 1)[real], 1e-4, 1e-5), $"token {token} of {kernels.GetType().Name}");
            }
        }
    }

    [Fact]
    public void A_prompt_leaves_its_keys_and_values_in_the_cache()
    {
        using var _ = no_grad();
        var shape = new HeadShape(4, 2, 16, 0.25, null);
        var (stacked, rotation) = (Normal(2, 9, shape.Stacked), Angles(2, 9, 16));
        var kept = Array.ConvertAll((IKernels[])[Simd, Operators], kernels =>
        {
            var (keys, values) = (zeros([3, 2, 12, 16]), zeros([3, 2, 12, 16]));
            kernels.Attend(stacked, shape, rotation, SequenceLayout.Rows(arange(9).unsqueeze(0), null),
                new KeyValues(keys.narrow(0, 1, 2), values.narrow(0, 1, 2)));
            return (keys, values);
        });
        Close(kept[1].keys, kept[0].keys, "keys");
        Close(kept[1].values, kept[0].values, "values");
    }

    [Fact]
    public void Sampling_takes_the_inverse_of_the_cumulative_distribution()
    {
        var logits = Normal(50, 300) * 3;
        var uniforms = rand([50, 1], generator: Random);
        var cumulative = (logits / 0.7).to(ScalarType.Float64).softmax(-1).cumsum(-1);
        var expected = searchsorted(cumulative, uniforms.to(ScalarType.Float64), right: true).squeeze(1);
        Assert.Equal(expected.data<long>().ToArray(),
            Simd.Sample(logits, new SamplingOptions { Temperature = 0.7 }, uniforms).data<long>().ToArray());
    }

    [Fact]
    public void Sampling_leaves_out_what_the_cuts_rule_out()
    {
        // Masses .5 .3 .15 .05 in a shuffled order.
        var logits = tensor(new[] { 0.15f, 0.5f, 0.05f, 0.3f }).log().unsqueeze(0).expand(1000, 4);
        var uniforms = (arange(1000, ScalarType.Float32) / 1000).unsqueeze(1);
        foreach (var kernels in (IKernels[])[Simd, Operators])
        {
            Tensor Draw(SamplingOptions options) => kernels.Sample(logits, options, uniforms);
            Assert.Equal([1L, 3L], Distinct(Draw(new() { TopK = 2 })));
            Assert.Equal([1L, 3L], Distinct(Draw(new() { TopP = 0.79 })));
            Assert.Equal([0L, 1L, 3L], Distinct(Draw(new() { TopP = 0.81 })));
            Assert.Equal([1L], Distinct(Draw(new() { TopP = 0.1 })));
            Assert.Equal(625, Draw(new() { TopK = 2 }).eq(1).sum().item<long>());
        }

        static long[] Distinct(Tensor tokens) => [.. tokens.data<long>().Distinct().Order()];
    }
}
