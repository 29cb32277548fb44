using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Tests;

/// <summary>Each fused kernel against the operators it stands for: the result and every gradient.</summary>
public sealed class FusedKernelTests : IDisposable
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
    [InlineData(1, 64)]
    [InlineData(137, 256)]
    [InlineData(300, 70)]
    public void Rms_norm_agrees_with_its_formula(long rows, long width) => Agree(
        inputs => [Fused.RmsNorm(inputs[0], inputs[1], 1e-5)],
        inputs => [inputs[1] * (inputs[0] * (inputs[0].square().mean([-1], keepdim: true) + 1e-5).rsqrt())],
        Random(rows, width), Random(width));

    [Theory]
    [InlineData(2, 7, 4, 16, 16)]
    [InlineData(1, 33, 3, 24, 8)]
    public void Rotary_agrees_with_its_formula(long batch, long tokens, long heads, long size, long rotated)
    {
        var angle = Random(batch, tokens, 1, rotated / 2);
        var (cos, sin) = (cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
        // A part of a wider projection: not contiguous.
        Agree(
            inputs => [Fused.Rotary(inputs[0].narrow(2, 1, heads), cos, sin)],
            inputs =>
            {
                var x = inputs[0].narrow(2, 1, heads);
                var (part, rest) = (x.narrow(-1, 0, rotated), x.narrow(-1, rotated, size - rotated));
                var turned = cat([-part.narrow(-1, rotated / 2, rotated / 2), part.narrow(-1, 0, rotated / 2)], -1);
                return [cat([part * cos + turned * sin, rest], -1)];
            },
            Random(batch, tokens, heads + 2, size));
    }

    [Fact]
    public void Silu_mul_agrees_with_its_formula() => Agree(
        inputs => [Fused.SiluMul(inputs[0])],
        inputs => [nn.functional.silu(inputs[0].narrow(-1, 0, 100)) * inputs[0].narrow(-1, 100, 100)],
        Random(3, 50, 200) * 4);

    [Theory]
    [InlineData(5, 105)]
    [InlineData(200, 2048)]
    public void Log_probability_and_entropy_agree_with_log_softmax(long rows, long vocabulary)
    {
        var labels = randint(0, vocabulary, [rows], generator: _generator);
        Agree(
            inputs =>
            {
                var (logProbs, entropy) = Fused.LogProbEntropy(inputs[0], labels);
                return [logProbs, entropy];
            },
            inputs =>
            {
                var all = inputs[0].log_softmax(-1);
                return [all.gather(1, labels.unsqueeze(1)).squeeze(1), -(all.exp() * all).sum(-1)];
            },
            Random(rows, vocabulary) * 5);
    }

    [Fact]
    public void A_token_ruled_out_gives_neither_entropy_nor_a_gradient_that_is_not_a_number()
    {
        var logits = torch.tensor(new[] { 1f, 2f, float.NegativeInfinity }, [1, 3]).requires_grad_();
        var (logProbs, entropy) = Fused.LogProbEntropy(logits, torch.tensor(new long[] { 1 }));
        (logProbs.sum() + entropy.sum()).backward();
        var p = 1 / (1 + Math.Exp(-1));
        Assert.Equal(Math.Log(p), logProbs.item<float>(), 5);
        Assert.Equal(-p * Math.Log(p) - (1 - p) * Math.Log(1 - p), entropy.item<float>(), 5);
        Assert.True(logits.grad!.isfinite().all().item<bool>());
        Assert.Equal(0f, logits.grad![0, 2].item<float>());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    public void Log_probs_under_a_head_taken_in_blocks_agree_with_those_of_all_its_logits(long rowsAtOnce)
    {
        var labels = randint(0, 33, [20], generator: _generator).to(ScalarType.Int64);
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            Agree(
                inputs => [Fused.HeadLogProbEntropy(inputs[0].to(type), inputs[1].to(type), labels, rowsAtOnce).LogProbs.to(ScalarType.Float32)],
                inputs => [nn.functional.linear(inputs[0], inputs[1]).log_softmax(-1).gather(1, labels.unsqueeze(1)).squeeze(1)],
                Random(20, 24), Random(33, 24));
        }

        var (hidden, head) = (Random(20, 24), Random(33, 24));
        var all = nn.functional.linear(hidden, head).log_softmax(-1);
        Assert.True(Fused.HeadLogProbEntropy(hidden.requires_grad_(), head, labels, rowsAtOnce).Entropy.allclose(-(all.exp() * all).sum(-1), 1e-5, 1e-5));
    }

    [Fact]
    public void A_label_outside_the_vocabulary_is_named()
    {
        var error = Assert.Throws<TorchException>(() => Fused.LogProbEntropy(Random(2, 4), torch.tensor(new long[] { 1, 4 })));
        Assert.Contains("label 4 of row 1 is outside the vocabulary of 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 5, 2, 2, 8, 0, false)]
    [InlineData(2, 50, 4, 2, 16, 0, true)]
    [InlineData(3, 130, 8, 8, 32, 0, true)]
    [InlineData(2, 70, 4, 1, 12, 9, true)]
    [InlineData(1, 200, 2, 1, 64, 64, false)]
    public void Attention_agrees_with_its_formula(long batch, long tokens, long heads, long keyHeads, long size, long window, bool padded)
    {
        var mask = ones([batch, tokens], ScalarType.Int64);
        if (padded)
        {
            mask[0, TensorIndex.Slice(0, 3)] = zeros([3], ScalarType.Int64);
            mask[1, TensorIndex.Slice(tokens - 2, tokens)] = zeros([2], ScalarType.Int64);
        }
        var index = arange(tokens);
        var distance = index.unsqueeze(1) - index.unsqueeze(0);
        var hidden = (distance < 0) | (window > 0 ? distance >= window : distance < 0);
        hidden = hidden.unsqueeze(0) | (mask.eq(0).unsqueeze(1) & distance.ne(0));
        var counted = mask.ne(0).to(ScalarType.Float32).unsqueeze(-1);
        Agree(
            inputs => [Fused.CausalAttention(inputs[0].narrow(2, 0, heads), inputs[0].narrow(2, heads, keyHeads), inputs[0].narrow(2, heads + keyHeads, keyHeads), padded ? mask : null, window) * counted],
            inputs =>
            {
                var q = inputs[0].narrow(2, 0, heads).transpose(1, 2);
                var k = inputs[0].narrow(2, heads, keyHeads).transpose(1, 2).repeat_interleave(heads / keyHeads, 1);
                var v = inputs[0].narrow(2, heads + keyHeads, keyHeads).transpose(1, 2).repeat_interleave(heads / keyHeads, 1);
                var weights = (q.matmul(k.transpose(-2, -1)) / Math.Sqrt(size)).masked_fill(hidden.unsqueeze(1), double.NegativeInfinity).softmax(-1);
                return [weights.matmul(v).transpose(1, 2).reshape(batch, tokens, heads * size) * counted];
            },
            Random(batch, tokens, heads + 2 * keyHeads, size) * 2);
    }

    [Theory]
    [InlineData(2, 30, 4, 2, 16, 16)]
    [InlineData(1, 100, 3, 3, 24, 8)]
    public void Attention_over_a_stacked_projection_agrees_with_that_over_its_parts(
        long batch, long tokens, long heads, long keyHeads, long size, long rotated)
    {
        var angle = Random(batch, tokens, 1, rotated / 2);
        var (cos, sin) = (cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
        var mask = ones([batch, tokens], ScalarType.Int64);
        mask[0, TensorIndex.Slice(0, 4)] = zeros([4], ScalarType.Int64);
        var counted = mask.to(ScalarType.Float32).unsqueeze(-1);
        Agree(
            inputs => [Fused.RotaryAttention(inputs[0], cos, sin, mask, [], heads, keyHeads, 40) * counted],
            inputs =>
            {
                var parts = inputs[0].split([heads * size, keyHeads * size, keyHeads * size], -1);
                var q = Fused.Rotary(parts[0].view(batch, tokens, heads, size), cos, sin);
                var k = Fused.Rotary(parts[1].view(batch, tokens, keyHeads, size), cos, sin);
                return [Fused.CausalAttention(q, k, parts[2].view(batch, tokens, keyHeads, size), mask, 40) * counted];
            },
            Random(batch, tokens, (heads + 2 * keyHeads) * size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Sequences_end_to_end_in_one_row_attend_as_each_does_alone(long window)
    {
        const long heads = 4, keyHeads = 2, size = 16;
        long[] lengths = [5, 60, 1, 33];
        var tokens = lengths.Sum();
        var angle = Random(1, tokens, 1, size / 2);
        var (cos, sin) = (cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
        Agree(
            inputs => [Fused.RotaryAttention(inputs[0], cos, sin, null, lengths, heads, keyHeads, window)],
            inputs =>
            {
                var alone = new List<Tensor>();
                var begin = 0L;
                foreach (var length in lengths)
                {
                    Tensor Of(Tensor row) => row.narrow(1, begin, length);
                    alone.Add(Fused.RotaryAttention(Of(inputs[0]), Of(cos), Of(sin), null, [], heads, keyHeads, window));
                    begin += length;
                }
                return [cat(alone, 1)];
            },
            Random(1, tokens, (heads + 2 * keyHeads) * size));
        Assert.Contains("add up to 6", Assert.Throws<TorchException>(
            () => Fused.RotaryAttention(Random(1, 7, 8 * size), cos.narrow(1, 0, 7), sin.narrow(1, 0, 7), null, [5, 1], 4, 2, 0)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_layer_with_adapters_agrees_with_its_formula(bool withBias) => Agree(
        inputs => [Fused.LoraLinear(inputs[0], inputs[1], withBias ? inputs[2] : null, [inputs[3], inputs[5]], [inputs[4], inputs[6]], [0, 30], [2, 0.5])],
        inputs =>
        {
            var y = nn.functional.linear(inputs[0], inputs[1], withBias ? inputs[2] : null);
            var first = inputs[0].matmul(inputs[3].t()).matmul(inputs[4].t()) * 2;
            var second = inputs[0].matmul(inputs[5].t()).matmul(inputs[6].t()) * 0.5;
            return [y + cat([first, zeros(2, 9, 20), second], -1)];
        },
        Random(2, 9, 24), Random(40, 24), Random(40), Random(4, 24), Random(10, 4), Random(3, 24), Random(10, 3));

    [Theory]
    [InlineData(130, 128, 704, true)]
    [InlineData(1, 40, 3, true)]
    [InlineData(57, 1, 16, false)]
    public void A_linear_layer_over_sequences_is_the_operators(long rows, long inputs, long outputs, bool biased)
    {
        // A part of a wider tensor, as the gradient of a stacked projection may be.
        var counted = Random(rows, 2 * outputs).narrow(1, 0, outputs);
        Agree(
            leaves => [Fused.Linear(leaves[0], leaves[1], biased ? leaves[2] : null) * counted, (biased ? leaves[2] : leaves[2] * 0).sum()],
            leaves => [nn.functional.linear(leaves[0], leaves[1], biased ? leaves[2] : null) * counted, (biased ? leaves[2] : leaves[2] * 0).sum()],
            Random(1, rows, inputs), Random(outputs, inputs), Random(outputs));
    }

    [Fact]
    public void The_feed_forward_half_of_a_block_is_its_parts()
    {
        var (norm, gateUp, down) = (Random(24), Random(80, 24) * 0.2, Random(24, 40) * 0.2);
        Agree(
            leaves => [Fused.GatedFeedForward(leaves[0], norm, gateUp, down, 1e-5)],
            leaves => [leaves[0] + nn.functional.linear(Fused.SiluMul(nn.functional.linear(Fused.RmsNorm(leaves[0], norm, 1e-5), gateUp)), down)],
            Random(2, 33, 24));
    }

    [Fact]
    public void Adam_agrees_with_its_formula_over_several_steps()
    {
        var (first, second) = (Random(3, 40), Random(7));
        Tensor[] fused = [first.clone(), second.clone()], firsts = [zeros(3, 40), zeros(7)], seconds = [zeros(3, 40), zeros(7)];
        Tensor[] plain = [first.clone(), second.clone()], m = [zeros(3, 40), zeros(7)], v = [zeros(3, 40), zeros(7)];
        for (var step = 1; step <= 5; step++)
        {
            Tensor[] gradients = [Random(3, 40), Random(7)];
            TorchCapabilities.Optimiser!.Adam(fused, gradients, firsts, seconds, step, 1e-2, 0.9, 0.999, 1e-8, 0.1);
            for (var i = 0; i < 2; i++)
            {
                var g = gradients[i] + plain[i] * 0.1;
                m[i] = m[i] * 0.9 + g * 0.1;
                v[i] = v[i] * 0.999 + g * g * 0.001;
                plain[i] -= 1e-2 * (m[i] / (1 - Math.Pow(0.9, step))) / ((v[i] / (1 - Math.Pow(0.999, step))).sqrt() + 1e-8);
            }
        }
        for (var i = 0; i < 2; i++) Assert.True(fused[i].allclose(plain[i], 1e-5, 1e-7));
    }

    [Fact]
    public void The_norm_is_that_of_all_elements_together()
    {
        Tensor[] tensors = [Random(3, 700), Random(5), Random(40, 40)];
        using var norm = TorchCapabilities.Optimiser!.Norm(tensors);
        var squares = tensors.Sum(tensor => tensor.data<float>().ToArray().Sum(x => (double)x * x));
        Assert.Equal(Math.Sqrt(squares), norm.item<float>(), 1e-4);
        Assert.Throws<TorchException>(() => TorchCapabilities.Optimiser.Norm([Random(4, 6).t()]));
    }

    private Tensor Random(params long[] size) => randn(size, generator: _generator);

    private static void Agree(Func<Tensor[], Tensor[]> kernel, Func<Tensor[], Tensor[]> formula, params Tensor[] inputs)
    {
        var (results, gradients) = Run(kernel);
        var (expected, expectedGradients) = Run(formula);
        for (var i = 0; i < results.Length; i++) Close(expected[i], results[i], $"result {i}");
        for (var i = 0; i < inputs.Length; i++) Close(expectedGradients[i], gradients[i], $"gradient {i}");
        using var frozen = no_grad();
        var again = kernel(inputs);
        for (var i = 0; i < results.Length; i++) Assert.True(again[i].Equals(results[i]), $"result {i} differs where no gradient is recorded");

        (Tensor[] Results, Tensor[] Gradients) Run(Func<Tensor[], Tensor[]> function)
        {
            using var generator = new Generator(5);
            var leaves = Array.ConvertAll(inputs, input => input.clone().requires_grad_());
            var found = function(leaves);
            var loss = found.Select(result => (result * randn(result.shape, generator: generator)).sum()).Aggregate((a, b) => a + b);
            loss.backward();
            return (found, Array.ConvertAll(leaves, leaf => leaf.grad ?? zeros_like(leaf)));
        }

        static void Close(Tensor expected, Tensor actual, string what)
        {
            var scale = expected.abs().max().item<float>();
            var worst = (expected - actual).abs().max().item<float>();
            Assert.True(worst <= 3e-6 * Math.Max(1, scale), $"{what} is off by {worst} where the largest element is {scale}.");
        }
    }
}
