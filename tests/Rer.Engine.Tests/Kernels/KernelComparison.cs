using Rer.Engine.Kernels;
using Rer.Engine.Models.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Kernels;

/// <summary>A kernel of the fast set against the operators that it stands for: results and every gradient.</summary>
public abstract class KernelComparison : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    private protected static IKernels Simd => SimdKernels.Instance;

    private protected static IKernels Operators => TorchKernels.Instance;

    private protected Generator Random { get; } = new(11);

    public void Dispose()
    {
        Random.Dispose();
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Tensor Normal(params long[] size) => randn(size, generator: Random);

    private protected Rotation Angles(long batch, long tokens, long rotated)
    {
        var angle = Normal(batch, tokens, 1, rotated / 2);
        return new Rotation(cat([angle.cos(), angle.cos()], -1), cat([angle.sin(), angle.sin()], -1));
    }

    /// <summary>Results and gradients agree, and without a graph the results are the same.</summary>
    private protected static void Agree(Func<IKernels, Tensor[], Tensor[]> kernel, params Tensor[] inputs) =>
        Agree(leaves => kernel(Simd, leaves), leaves => kernel(Operators, leaves), inputs);

    private protected static void Agree(Func<Tensor[], Tensor[]> kernel, Func<Tensor[], Tensor[]> formula, params Tensor[] inputs)
    {
        var (results, gradients) = Run(kernel);
        var (expected, expectedGradients) = Run(formula);
        for (var i = 0; i < results.Length; i++) Close(expected[i], results[i], $"result {i}");
        for (var i = 0; i < inputs.Length; i++) Close(expectedGradients[i], gradients[i], $"gradient {i}");
        using var frozen = no_grad();
        var again = kernel(inputs);
        for (var i = 0; i < results.Length; i++) Close(results[i], again[i], $"result {i} without a graph");

        (Tensor[] Results, Tensor[] Gradients) Run(Func<Tensor[], Tensor[]> function)
        {
            using var generator = new Generator(5);
            var leaves = Array.ConvertAll(inputs, input => input.clone().requires_grad_());
            var found = function(leaves);
            found.Select(result => (result * randn(result.shape, generator: generator)).sum()).Aggregate((a, b) => a + b).backward();
            return (found, Array.ConvertAll(leaves, leaf => leaf.grad ?? zeros_like(leaf)));
        }
    }

    private protected static void Close(Tensor expected, Tensor actual, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = expected.abs().max().item<float>();
        var worst = (expected - actual).abs().max().item<float>();
        Assert.True(worst <= 3e-6 * Math.Max(1, scale), $"{what} is off by {worst} where the largest element is {scale}.");
    }
}
