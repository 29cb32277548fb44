using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

public sealed class DataParallelTests
{
    [Theory]
    [InlineData(1, "0 1 2 3 4")]
    [InlineData(2, "2 3|0 1 4")] // 9 + 1 against 4 + 3 + 2
    [InlineData(3, "2|0 3|1 4")]
    [InlineData(8, "2|0|4|1|3")]
    public void Items_are_shared_out_heaviest_first_to_the_lightest_part(int ways, string expected)
    {
        long[] weights = [4, 2, 9, 1, 3];
        Assert.Equal(expected,
            string.Join('|', DataParallel.Split([0, 1, 2, 3, 4], i => weights[i], ways).Select(part => string.Join(' ', part))));
    }

    [Fact]
    public void Exchanges_even_out_what_the_first_sharing_leaves_uneven()
    {
        // 31 + 21 + 20 against 30 + 23 at first.
        long[] weights = [30, 31, 20, 21, 23];
        var parts = DataParallel.Split([0, 1, 2, 3, 4], i => weights[i], 2).Select(part => part.Sum(i => weights[i])).Order();
        Assert.Equal([61, 64], parts);
        using var generator = new Generator(3);
        for (var round = 0; round < 50; round++)
        {
            var lengths = (rand([8], generator: generator) * 60 + 20).to(ScalarType.Int64).data<long>().ToArray();
            var split = DataParallel.Split([.. Enumerable.Range(0, 8)], i => lengths[i], 2);
            Assert.Equal(Enumerable.Range(0, 8), split.SelectMany(part => part).Order());
            Assert.InRange(Math.Abs(split[0].Sum(i => lengths[i]) - split[1].Sum(i => lengths[i])), 0, 20);
        }
    }

    [Fact]
    public void Gradients_taken_on_several_threads_are_those_of_one()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var weight = randn([64, 64], generator: generator).requires_grad_();
        var inputs = Enumerable.Range(0, 6).Select(_ => randn([50, 64], generator: generator)).ToArray();
        var expected = inputs.Select(Gradient).ToArray();
        var found = new Tensor[inputs.Length];
        DataParallel.Run(inputs.Length, i => found[i] = Gradient(inputs[i]));
        for (var i = 0; i < inputs.Length; i++)
        {
            using var gradient = found[i];
            TensorAssert.Close(expected[i], gradient, 1e-5);
        }

        Tensor Gradient(Tensor x)
        {
            using var inner = NewDisposeScope();
            return autograd.grad([matmul(x, weight).tanh().square().sum()], [weight])[0].DetachFromDisposeScope();
        }
    }
}
