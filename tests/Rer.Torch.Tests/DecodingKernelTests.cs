using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Tests;

/// <summary>The kernels that only decoding calls, which know no gradient: each against the operators or the kernels it stands for.</summary>
public sealed class DecodingKernelTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(11);

    private static IFusedKernels Fused => TorchCapabilities.Fused!;

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(1, 64, 10)]
    [InlineData(7, 43, 33)]
    [InlineData(16, 688, 256)]
    public void A_linear_layer_over_few_rows_agrees_with_BLAS_and_no_row_depends_on_the_others(long rows, long inputs, long outputs)
    {
        var (x, weight, bias) = (Random(rows, 1, inputs), Random(outputs, inputs), Random(outputs));
        var y = Fused.FewRowsLinear(x, weight, bias);
        Assert.Equal([rows, 1, outputs], y.shape);
        Assert.True(y.allclose(nn.functional.linear(x, weight, bias), 1e-4, 1e-4));
        Assert.True(y.allclose(Fused.FewRowsLinear(x, weight, null) + bias, 1e-6, 1e-6));
        Assert.True(y.narrow(0, rows - 1, 1).eq(Fused.FewRowsLinear(x.narrow(0, rows - 1, 1), weight, bias)).all().item<bool>());
    }

    [Fact]
    public void Decoding_from_a_stacked_projection_agrees_with_decoding_from_its_parts()
    {
        const long rows = 3, heads = 4, keyHeads = 2, size = 16, filled = 7;
        var angle = Random(rows, 1, 1, size / 2);
        var (cos, sin) = (cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
        var stacked = Random(rows, 1, (heads + 2 * keyHeads) * size);
        var starts = torch.tensor(new long[] { 0, 2, 5 });
        var (keys, values) = (Random(rows, keyHeads, 12, size), Random(rows, keyHeads, 12, size));
        var (otherKeys, otherValues) = (keys.clone(), values.clone());
        var parts = stacked.split([heads * size, keyHeads * size, keyHeads * size], -1);
        var expected = Fused.DecodeAttention(
            Fused.Rotary(parts[0].view(rows, 1, heads, size), cos, sin), Fused.Rotary(parts[1].view(rows, 1, keyHeads, size), cos, sin),
            parts[2].view(rows, 1, keyHeads, size), otherKeys, otherValues, starts, filled, 0);
        Assert.True(Fused.RotaryDecodeAttention(stacked, cos, sin, keys, values, starts, filled, 0).allclose(expected, 1e-5, 1e-6));
        Assert.True(keys.Equals(otherKeys));
        Assert.True(values.Equals(otherValues));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Decoding_token_by_token_agrees_with_attention_over_the_whole(long window)
    {
        const long rows = 3, tokens = 20, heads = 4, keyHeads = 2, size = 16;
        var (q, k, v) = (Random(rows, tokens, heads, size), Random(rows, tokens, keyHeads, size), Random(rows, tokens, keyHeads, size));
        var starts = torch.tensor(new long[] { 0, 4, 1 });
        var mask = arange(tokens).unsqueeze(0) >= starts.unsqueeze(1);
        var whole = Fused.CausalAttention(q, k, v, mask, window);
        var (keys, values) = (full([rows + 1, keyHeads, tokens + 5, size], float.NaN), full([rows + 1, keyHeads, tokens + 5, size], float.NaN));
        for (var token = 0; token < tokens; token++)
        {
            var step = Fused.DecodeAttention(
                q.narrow(1, token, 1), k.narrow(1, token, 1), v.narrow(1, token, 1), keys, values, starts.clamp_max(token), token, window);
            var expected = whole.narrow(1, token, 1);
            var real = mask.select(1, token);
            Assert.True(step[real].allclose(expected[real], 1e-4, 1e-5), $"token {token}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_block_over_one_token_a_row_is_its_parts(bool biased)
    {
        const long rows = 5, hidden = 24, heads = 4, keyHeads = 2, size = 16, filled = 7;
        var weights = new BlockWeights(
            Random(hidden), Random((heads + (2 * keyHeads)) * size, hidden) * 0.2, biased ? Random((heads + (2 * keyHeads)) * size) : null,
            Random(hidden, heads * size) * 0.2, Random(hidden), Random(80, hidden) * 0.2, Random(hidden, 40) * 0.2);
        var angle = Random(20, size / 4);
        var (cos, sin) = (cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
        var starts = torch.tensor(new long[] { 0, 2, 5, 7, 1 });
        var (keys, values) = (Random(rows, keyHeads, 12, size), Random(rows, keyHeads, 12, size));
        var (otherKeys, otherValues) = (keys.clone(), values.clone());
        var x = Random(rows, 1, hidden);
        Tensor Turns(Tensor table) => table.index_select(0, filled - starts).view(rows, 1, 1, size / 2);

        var stacked = Fused.FewRowsLinear(Fused.RmsNorm(x, weights.AttentionNorm, 1e-5), weights.QueryKeyValue, weights.QueryKeyValueBias);
        var attended = Fused.RotaryDecodeAttention(stacked, Turns(cos), Turns(sin), otherKeys, otherValues, starts, filled, 0);
        var expected = Fused.GatedFeedForward(
            x + Fused.FewRowsLinear(attended, weights.AttentionOutput, null), weights.FeedForwardNorm, weights.GateUp, weights.Down, 1e-5);
        Fused.DecodeBlock(x, weights, 1e-5, cos, sin, keys, values, starts, filled, 0);
        Assert.True(x.allclose(expected, 1e-5, 1e-5));
        Assert.True(keys.Equals(otherKeys));
        Assert.True(values.Equals(otherValues));
        Assert.Contains("more than 7 positions", Assert.Throws<TorchException>(
            () => Fused.DecodeBlock(x, weights, 1e-5, cos.narrow(0, 0, 7), sin.narrow(0, 0, 7), keys, values, starts, filled, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sampling_takes_the_inverse_of_the_cumulative_distribution()
    {
        var logits = Random(50, 300) * 3;
        var uniforms = rand([50, 1], generator: _generator);
        var cumulative = (logits / 0.7).to(ScalarType.Float64).softmax(-1).cumsum(-1);
        var expected = searchsorted(cumulative, uniforms.to(ScalarType.Float64), right: true).squeeze(1);
        Assert.Equal(expected.data<long>().ToArray(), Fused.Sample(logits, uniforms, 0.7, 0, 1).data<long>().ToArray());
    }

    [Fact]
    public void Sampling_leaves_out_what_the_cuts_rule_out()
    {
        // Masses .5 .3 .15 .05 in a shuffled order.
        var logits = torch.tensor(new[] { 0.15f, 0.5f, 0.05f, 0.3f }).log().unsqueeze(0).expand(1000, 4);
        var uniforms = (arange(1000, ScalarType.Float32) / 1000).unsqueeze(1);
        Assert.Equal([1L, 3L], Distinct(Fused.Sample(logits, uniforms, 1, 2, 1)));
        Assert.Equal([1L, 3L], Distinct(Fused.Sample(logits, uniforms, 1, 0, 0.79)));
        Assert.Equal([0L, 1L, 3L], Distinct(Fused.Sample(logits, uniforms, 1, 0, 0.81)));
        Assert.Equal([1L], Distinct(Fused.Sample(logits, uniforms, 1, 0, 0.1)));
        Assert.Equal(625, Fused.Sample(logits, uniforms, 1, 2, 1).eq(1).sum().item<long>());

        static long[] Distinct(Tensor tokens) => [.. tokens.data<long>().Distinct().Order()];
    }

    private Tensor Random(params long[] size) => randn(size, generator: _generator);
}
