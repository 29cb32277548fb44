using Rer.Engine.Kernels;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Attention;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Kernels;

/// <summary>Kernels that training calls: each against the operators, forward and backward.</summary>
public sealed class SimdKernelTests : KernelComparison
{
    [Theory]
    [InlineData(1, 64)]
    [InlineData(137, 256)]
    [InlineData(300, 70)]
    public void Rms_norm(long rows, long width) =>
        Agree((kernels, leaves) => [kernels.RmsNorm(leaves[0], leaves[1], 1e-5)], Normal(rows, width), Normal(width));

    [Theory]
    [InlineData(100)]
    [InlineData(688)]
    public void Gated_silu(long width) => Agree((kernels, leaves) => [kernels.GatedSilu(leaves[0])], Normal(3, 50, 2 * width) * 4);

    [Theory]
    [InlineData(5, 105)]
    [InlineData(200, 2048)]
    public void Log_probability_and_entropy_of_logits(long rows, long vocabulary)
    {
        var (logits, labels) = (Normal(rows, vocabulary) * 5, randint(0, vocabulary, [rows], generator: Random).to(ScalarType.Int64));
        var (logProbs, entropy) = Simd.LogProbs(logits, labels);
        var (expected, expectedEntropy) = Operators.LogProbs(logits, labels);
        Close(expected, logProbs, "log-probabilities");
        Close(expectedEntropy, entropy, "entropies");
    }

    [Fact]
    public void A_token_ruled_out_adds_nothing_to_the_entropy()
    {
        var logits = tensor(new[] { 1f, 2f, float.NegativeInfinity }, [1, 3]);
        var p = 1 / (1 + Math.Exp(-1));
        foreach (var kernels in (IKernels[])[Simd, Operators])
        {
            var (logProbs, entropy) = kernels.LogProbs(logits, tensor(new long[] { 1 }));
            Assert.Equal(Math.Log(p), logProbs.item<float>(), 5);
            Assert.Equal(-p * Math.Log(p) - (1 - p) * Math.Log(1 - p), entropy.item<float>(), 5);
        }
    }

    [Theory]
    [InlineData(20, 33)]
    [InlineData(150, 4000)] // more than are held at a time
    public void Log_probabilities_under_a_frozen_head(long positions, long vocabulary)
    {
        var (head, labels) = (Normal(vocabulary, 24), randint(0, vocabulary, [positions], generator: Random).to(ScalarType.Int64));
        Agree((kernels, leaves) => [kernels.HeadLogProbs(leaves[0], head, labels).LogProbs], Normal(positions, 24));
        Close(Operators.HeadLogProbs(Normal(9, 24) * 0 + 1, head, labels.narrow(0, 0, 9)).Entropy,
            Simd.HeadLogProbs(ones(9, 24), head, labels.narrow(0, 0, 9)).Entropy, "entropies");
    }

    [Fact]
    public void A_label_outside_the_vocabulary_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Simd.LogProbs(Normal(2, 4), tensor(new long[] { 1, 4 })));
        Assert.Contains("label 4 of row 1 is outside the vocabulary of 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 5, 2, 2, 8, null, false)]
    [InlineData(2, 50, 4, 2, 16, null, true)]
    [InlineData(3, 130, 8, 8, 32, null, true)]
    [InlineData(2, 70, 4, 1, 12, 9, true)]
    [InlineData(1, 200, 2, 1, 64, 64, false)]
    public void Attention_over_rows(int batch, int tokens, int heads, int keyHeads, int size, int? window, bool padded)
    {
        var shape = new HeadShape(heads, keyHeads, size, 1 / Math.Sqrt(size), window);
        var mask = ones([batch, tokens], ScalarType.Int64);
        if (padded)
        {
            mask[0, TensorIndex.Slice(0, 3)] = zeros([3], ScalarType.Int64);
            mask[1, TensorIndex.Slice(tokens - 2, tokens)] = zeros([2], ScalarType.Int64);
        }
        var positions = arange(tokens).unsqueeze(0);
        var counted = mask.ne(0).to(ScalarType.Float32).unsqueeze(-1);
        Agree(
            (kernels, leaves) =>
                [kernels.Attend(leaves[0], shape, null, SequenceLayout.Rows(positions, padded ? mask : null), null) * counted],
            Normal(batch, tokens, shape.Stacked) * 2);
    }

    [Theory]
    [InlineData(2, 30, 4, 2, 16, 16)]
    [InlineData(1, 100, 3, 3, 24, 8)]
    [InlineData(2, 40, 2, 1, 64, 64)]
    public void Attention_with_rotation(int batch, int tokens, int heads, int keyHeads, int size, int rotated)
    {
        var shape = new HeadShape(heads, keyHeads, size, 0.3, 40);
        var (rotation, positions) = (Angles(batch, tokens, rotated), arange(tokens).unsqueeze(0));
        var mask = ones([batch, tokens], ScalarType.Int64);
        mask[0, TensorIndex.Slice(0, 4)] = zeros([4], ScalarType.Int64);
        var counted = mask.to(ScalarType.Float32).unsqueeze(-1);
        Agree(
            (kernels, leaves) => [kernels.Attend(leaves[0], shape, rotation, SequenceLayout.Rows(positions, mask), null) * counted],
            Normal(batch, tokens, shape.Stacked));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Sequences_end_to_end_in_one_row_attend_as_each_does_alone(int? window)
    {
        int[] lengths = [5, 60, 1, 33];
        var (shape, tokens) = (new HeadShape(4, 2, 16, 0.25, window), lengths.Sum());
        // Angles as a model has them: of positions that begin anew with each sequence.
        var (all, positions) =
            (Angles(1, 60, 8), tensor(lengths.SelectMany(length => Enumerable.Range(0, length).Select(t => (long)t)).ToArray()));
        var rotation = new Rotation(all.Cos.index_select(1, positions), all.Sin.index_select(1, positions));
        var layout = SequenceLayout.EndToEnd(positions.unsqueeze(0), lengths);
        Agree((kernels, leaves) => [kernels.Attend(leaves[0], shape, rotation, layout, null)], Normal(1, tokens, shape.Stacked));
        Agree(
            leaves => [Simd.Attend(leaves[0], shape, rotation, layout, null)],
            leaves =>
            {
                var begin = 0L;
                return [cat([.. lengths.Select(length =>
                {
                    Tensor Of(Tensor row) => row.narrow(1, begin, length);
                    var alone = Simd.Attend(
                        Of(leaves[0]), shape, new Rotation(Of(rotation.Cos).contiguous(), Of(rotation.Sin).contiguous()),
                        SequenceLayout.Rows(Of(positions.unsqueeze(0)), null), null);
                    begin += length;
                    return alone;
                })], 1)];
            },
            Normal(1, tokens, shape.Stacked));
        var wrong = SequenceLayout.EndToEnd(arange(7).unsqueeze(0), [5, 1]);
        Assert.Contains("add up to 6",
            Assert.Throws<ArgumentException>(() => Simd.Attend(Normal(1, 7, shape.Stacked), shape, null, wrong, null)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_linear_layer_with_adapters(bool withBias)
    {
        var (weight, bias) = (Normal(40, 24), withBias ? Normal(40) : null);
        Agree(
            (kernels, leaves) =>
                [kernels.Linear(leaves[0], weight, bias, [new(leaves[1], leaves[2], 0, 2), new(leaves[3], leaves[4], 30, 0.5)])],
            Normal(2, 9, 24), Normal(4, 24), Normal(10, 4), Normal(3, 24), Normal(10, 3));
    }

    [Fact]
    public void Adam_and_the_norm_of_gradients()
    {
        AdamState[] States(Tensor[] start) =>
            Array.ConvertAll(start, tensor => new AdamState(tensor.clone(), zeros_like(tensor), zeros_like(tensor)));
        Tensor[] start = [Normal(3, 40), Normal(7), Normal(40, 40)];
        var (simd, operators) = (States(start), States(start));
        for (var number = 1; number <= 5; number++)
        {
            Tensor[] gradients = [Normal(3, 40), Normal(7), Normal(40, 40).t()];
            Assert.Equal(Operators.Norm(gradients), Simd.Norm(gradients), 1e-4);
            var step = new AdamStep(number, 1e-2, 0.9, 0.999, 1e-8);
            for (var i = 0; i < start.Length; i++)
            {
                Simd.Adam(simd[i], gradients[i], step);
                Operators.Adam(operators[i], gradients[i], step);
            }
        }
        for (var i = 0; i < start.Length; i++) Close(operators[i].Parameter, simd[i].Parameter, $"parameter {i}");
    }

    [Theory]
    [InlineData(1, 32, 64)]
    [InlineData(7, 300, 33)]
    [InlineData(130, 257, 688)]
    public unsafe void A_packed_weight_multiplies_as_the_operators_do_both_ways(long rows, long inputs, long outputs)
    {
        var (weight, x, y) = (Normal(outputs, inputs), Normal(rows, inputs), Normal(rows, outputs));
        var packed = new PackedWeight(weight);
        foreach (var add in (bool[])[false, true])
        {
            var (forward, backward) = (y.clone(), x.clone());
            packed.Forward.LeftMultiply(Matrix.Of(x), Matrix.Of(forward), add);
            packed.Backward.LeftMultiply(Matrix.Of(y), Matrix.Of(backward), add);
            Close(matmul(x, weight.t()) + (add ? y : zeros_like(y)), forward, "forward");
            Close(matmul(y, weight) + (add ? x : zeros_like(x)), backward, "backward");
        }
    }
}
