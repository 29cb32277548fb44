using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Adam (Kingma &amp; Ba 2015), in the order of operations of PyTorch's `torch.optim.Adam`, so that equal gradients give equal weights.
/// </summary>
public sealed class Adam : IDisposable
{
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly Tensor[] _firstMoments;
    private readonly Tensor[] _secondMoments;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;

    /// <summary>State for <paramref name="parameters"/>, at zero.</summary>
    /// <param name="parameters">Leaf tensors that require a gradient; the order is that of the saved state.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the denominator.</param>
    public Adam(IReadOnlyList<Tensor> parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        (_parameters, _beta1, _beta2, _epsilon) = (parameters, beta1, beta2, epsilon);
        _firstMoments = [.. parameters.Select(NewState)];
        _secondMoments = [.. parameters.Select(NewState)];

        static Tensor NewState(Tensor parameter) => zeros_like(parameter).DetachFromDisposeScope();
    }

    /// <summary>Updates made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>First moments, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> FirstMoments => _firstMoments;

    /// <summary>Second moments, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> SecondMoments => _secondMoments;

    /// <summary>Drops all gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in _parameters) parameter.grad = null;
    }

    /// <summary>Adds to the gradients, one a parameter; null adds nothing. What is given belongs to the optimiser from then on.</summary>
    public void AddGradients(IList<Tensor?> gradients)
    {
        using var guard = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            using var more = gradients[i];
            if (more is null) continue;
            using var sum = _parameters[i].grad;
            if (sum is null) _parameters[i].grad = more;
            else sum.add_(more);
        }
    }

    /// <summary>Euclidean norm of all gradients together; scales them down to <paramref name="maxNorm"/> where that is above 0.</summary>
    public double GradientNorm(double maxNorm = 0)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var gradients = _parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        var norm = (Fused(gradients) is { } fused ? fused.Norm(gradients) : stack(gradients.Select(g => g.norm()).ToArray()).norm()).ToDouble();
        if (maxNorm > 0 && norm > maxNorm)
        {
            // The 1e-6 is torch.nn.utils.clip_grad_norm_'s.
            foreach (var gradient in gradients) gradient.mul_(maxNorm / (norm + 1e-6));
        }

        return norm;
    }

    /// <summary>One update of every parameter that has a gradient.</summary>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Steps++;
        var gradients = _parameters.Select(parameter => parameter.grad).ToArray();
        var trained = Enumerable.Range(0, gradients.Length).Where(i => gradients[i] is not null).ToArray();
        Tensor[] Of(IReadOnlyList<Tensor?> all) => Array.ConvertAll(trained, i => all[i]!);
        if (trained.Length > 0 && Fused(Of(_parameters), Of(gradients)) is { } fused)
        {
            fused.Adam(
                Of(_parameters), Of(gradients), Of(_firstMoments), Of(_secondMoments), Steps, learningRate, _beta1, _beta2, _epsilon, weightDecay: 0);
            return;
        }

        foreach (var i in trained) Update(i, gradients[i]!, learningRate);
    }

    private void Update(int i, Tensor gradient, double learningRate)
    {
        using var scope = NewDisposeScope();
        var correction1 = 1 - Math.Pow(_beta1, Steps);
        var correction2 = Math.Sqrt(1 - Math.Pow(_beta2, Steps));
        _firstMoments[i].mul_(_beta1).add_(gradient, 1 - _beta1);
        _secondMoments[i].mul_(_beta2).addcmul_(gradient, gradient, 1 - _beta2);
        var denominator = _secondMoments[i].sqrt().div_(correction2).add_(_epsilon);
        _parameters[i].addcdiv_(_firstMoments[i], denominator, -learningRate / correction1);
    }

    /// <summary>The kernels that take all tensors in one call, where there are any for these.</summary>
    private static IFusedOptimiser? Fused(params IEnumerable<Tensor>[] tensors) =>
        TorchCapabilities.Optimiser is { } fused && tensors.All(some => some.All(fused.Take)) ? fused : null;

    /// <summary>Puts back a saved state.</summary>
    public void Restore(long steps, IReadOnlyList<Tensor> firstMoments, IReadOnlyList<Tensor> secondMoments)
    {
        using var guard = no_grad();
        Steps = steps;
        for (var i = 0; i < _parameters.Count; i++)
        {
            _firstMoments[i].copy_(firstMoments[i]);
            _secondMoments[i].copy_(secondMoments[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _firstMoments) state.Dispose();
        foreach (var state in _secondMoments) state.Dispose();
    }
}
