using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Models;

/// <summary>float32 parameters go through the kernel that takes all of them in one call, float64 ones through the operators.</summary>
public sealed class AdamTests
{
    [Fact]
    public void One_call_for_all_parameters_updates_them_as_the_operators_do_and_clips_the_same_gradient()
    {
        using var scope = NewDisposeScope();
        var (fused, fusedNorms) = Train(ScalarType.Float32);
        var (plain, plainNorms) = Train(ScalarType.Float64);
        for (var i = 0; i < plain.Length; i++) TensorAssert.Close(plain[i], fused[i].to(ScalarType.Float64), 1e-6);
        for (var i = 0; i < plainNorms.Length; i++) Assert.Equal(plainNorms[i], fusedNorms[i], 1e-5);
    }

    [Fact]
    public void A_parameter_whose_first_gradient_comes_late_is_updated_as_if_it_were_the_first()
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters = [ones(3).requires_grad_(true), ones(3).requires_grad_(true)];
        using var adam = new Adam(parameters);
        for (var step = 0; step < 20; step++)
        {
            adam.ZeroGrad();
            adam.AddGradients([full([3], 0.5).DetachFromDisposeScope(), step < 19 ? null : full([3], 0.5).DetachFromDisposeScope()]);
            adam.Step(1e-2);
        }

        Assert.Equal([20, 1], adam.Steps);
        // Adam's first update is as large as its learning rate, whatever the gradient's size.
        TensorAssert.Close(full([3], 0.99), parameters[1].detach(), 1e-6);
    }

    /// <summary>Five updates of two parameters, one of which gets its gradient in two parts; a third never gets any.</summary>
    private static (Tensor[] Parameters, double[] Norms) Train(ScalarType type)
    {
        using var generator = new Generator(4);
        Tensor Random(params long[] size) => randn(size, generator: generator).to(type);
        Tensor[] parameters = [Random(3, 5), Random(7), Random(2)];
        foreach (var parameter in parameters) parameter.requires_grad = true;
        using var adam = new Adam(parameters);
        var norms = new double[5];
        for (var step = 0; step < norms.Length; step++)
        {
            adam.ZeroGrad();
            adam.AddGradients([Random(3, 5).DetachFromDisposeScope(), Random(7).DetachFromDisposeScope(), null]);
            adam.AddGradients([null, Random(7).DetachFromDisposeScope(), null]);
            norms[step] = adam.GradientNorm(maxNorm: 2);
            adam.Step(1e-2);
        }

        return ([.. parameters.Select(parameter => parameter.detach())], norms);
    }
}
