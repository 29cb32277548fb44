using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void An_array_comes_back_as_it_went_in()
    {
        using var tensor = torch.tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Assert.Equal([2L, 3L], tensor.shape);
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], tensor.t().data<float>().ToArray());
    }

    [Fact]
    public void Arithmetic_with_numbers_keeps_the_element_type()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new float[] { 1, 2, 4 });
        Assert.Equal([3f, 2f, 0f], (4 - x - 0.0 * x).clamp_min(0).data<float>().ToArray());
        Assert.Equal([2f, 1f, 0.5f], (2 / x).data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, (x * 0.1).dtype);
        Assert.Equal(ScalarType.Int64, (torch.tensor(new long[] { 1 }) * 3).dtype);
        Assert.Equal([false, true, false], (x == 2.0).data<bool>().ToArray());
    }

    [Fact]
    public void An_error_names_the_operator_and_what_it_was_called_with()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<TorchException>(() => zeros(2, 3).mm(zeros(4, 5)));
        Assert.Contains("aten::mm", error.Message, StringComparison.Ordinal);
        Assert.Contains("self float32[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("mat2 float32[4, 5]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexing_reads_and_writes_through_positions_ranges_masks_and_index_tensors()
    {
        using var scope = NewDisposeScope();
        var x = arange(24, ScalarType.Float32).view(2, 3, 4);
        Assert.Equal(23f, x[1, 2, 3].item<float>());
        Assert.Equal([4f, 5f, 6f, 7f], x[0, 1].data<float>().ToArray());
        Assert.Equal([2L, 2L], x[TensorIndex.Colon, 1, TensorIndex.Slice(1, 3)].shape);
        Assert.Equal([2L, 3L, 1L], x[TensorIndex.Ellipsis, 0, TensorIndex.None].shape);
        Assert.Equal([3f, 15f], x[TensorIndex.Colon, 0, -1].data<float>().ToArray());
        Assert.Equal([8f, 20f], x[TensorIndex.Colon, TensorIndex.Tensor(torch.tensor(new long[] { 2 })), 0].flatten().data<float>().ToArray());
        Assert.Equal([22f, 23f], x[x > 21.0].data<float>().ToArray());
        // A mask over two dimensions, then an index into the third.
        var mask = zeros([2, 3], ScalarType.Bool);
        mask[1, TensorIndex.Slice(0, 2)] = ones([2], ScalarType.Bool);
        Assert.Equal([13f, 19f], x[TensorIndex.Tensor(mask), TensorIndex.Tensor(torch.tensor(new long[] { 1, 3 }))].data<float>().ToArray());
        Assert.Equal([13f, 17f], x[TensorIndex.Tensor(mask), 1].data<float>().ToArray());

        x[0, 0] = zeros(4);
        x[TensorIndex.Colon, TensorIndex.Single(1), TensorIndex.Slice(2, null)] = torch.tensor(-1f);
        x[x.gt(20)] = torch.tensor(100f);
        Assert.Equal([0f, 0f, 0f, 0f, 4f, 5f, -1f, -1f], x.flatten().slice(0, 0, 8, 1).data<float>().ToArray());
        Assert.Equal([20f, 100f, 100f, 100f], x[1, 2].data<float>().ToArray());
    }

    [Fact]
    public void Tuples_and_lists_come_back_whole()
    {
        using var scope = NewDisposeScope();
        var (values, indices) = torch.tensor(new float[] { 3, 1, 2 }).topk(2);
        Assert.Equal([3f, 2f], values.data<float>().ToArray());
        Assert.Equal([0L, 2L], indices.data<long>().ToArray());
        var rows = arange(20).view(20, 1).unbind();
        Assert.Equal(20, rows.Length);
        Assert.Equal(19L, rows[19].item<long>());
        Assert.Equal(20L, cat(rows).numel());
        Assert.Equal(40L, stack(Enumerable.Range(0, 40).Select(i => torch.tensor((float)i))).numel());
    }

    [Fact]
    public void The_backward_pass_gives_the_gradient_of_every_leaf()
    {
        using var scope = NewDisposeScope();
        var w = torch.tensor(new float[] { 1, 2 }).requires_grad_();
        var x = torch.tensor(new float[] { 3, 5 });
        (w * x).pow(2).sum().backward();
        Assert.Equal([18f, 100f], w.grad!.data<float>().ToArray());
        using (no_grad()) Assert.False((w * x).requires_grad);
        Assert.True((w * x).requires_grad);
        var direct = autograd.grad([(w * x).sum()], [w]);
        Assert.Equal([3f, 5f], direct[0].data<float>().ToArray());
    }

    [Fact]
    public void A_generator_put_back_in_its_state_repeats_itself()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        rand(5, generator: generator);
        var state = generator.get_state();
        var first = randn([100], generator: generator);
        generator.set_state(state);
        var second = randn([100], generator: generator);
        Assert.True(first.Equals(second));
        using var other = new Generator(8);
        Assert.False(first.Equals(randn([100], generator: other)));
    }

    [Fact]
    public void Attention_agrees_with_its_formula()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var q = randn([2, 3, 4, 8], generator: generator);
        var k = randn([2, 3, 6, 8], generator: generator);
        var v = randn([2, 3, 6, 8], generator: generator);
        var mask = rand([2, 1, 4, 6], generator: generator) > 0.3;
        mask.select(-1, 0).fill_(true);
        var expected = (q.matmul(k.mT) / Math.Sqrt(8)).masked_fill(mask.logical_not(), double.NegativeInfinity).softmax(-1).matmul(v);
        Assert.True(nn.functional.scaled_dot_product_attention(q, k, v, mask).allclose(expected, 1e-5, 1e-6));
    }
}
