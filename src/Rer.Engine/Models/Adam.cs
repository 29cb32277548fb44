using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// Adam (Kingma &amp; Ba 2015), in the order of operations of PyTorch's `torch.optim.Adam`, so that equal gradients give equal weights.
/// </summary>
internal sealed class Adam : IDisposable
{
    private readonly IKernels _kernels;
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly Tensor?[] _added;
    private readonly Tensor[] _firstMoments;
    private readonly Tensor[] _secondMoments;
    private readonly long[] _steps;
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
        _kernels = parameters.Count == 0 ? TorchKernels.Instance : IKernels.For(parameters[0].device, parameters[0].dtype);
        (_parameters, _beta1, _beta2, _epsilon) = (parameters, beta1, beta2, epsilon);
        _added = new Tensor?[parameters.Count];
        _firstMoments = [.. parameters.Select(NewState)];
        _secondMoments = [.. parameters.Select(NewState)];
        _steps = new long[parameters.Count];

        static Tensor NewState(Tensor parameter) => zeros_like(parameter).DetachFromDisposeScope();
    }

    /// <summary>Updates made so far of each parameter, in the parameters' order: one without a gradient is not updated.</summary>
    public IReadOnlyList<long> Steps => _steps;

    /// <summary>First moments, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> FirstMoments => _firstMoments;

    /// <summary>Second moments, in the parameters' order.</summary>
    public IReadOnlyList<Tensor> SecondMoments => _secondMoments;

    /// <summary>Drops all gradients.</summary>
    public void ZeroGrad()
    {
        for (var i = 0; i < _added.Length; i++)
        {
            if (_added[i] is null) _parameters[i].grad = null;
            _added[i]?.Dispose();
            _added[i] = null;
        }
    }

    /// <summary>Adds to the gradients, one per parameter; null adds nothing. What is given belongs to the optimiser from then on.</summary>
    public void AddGradients(IList<Tensor?> gradients)
    {
        using var guard = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            var more = gradients[i];
            if (more is null) continue;
            if (_added[i] is not { } sum)
            {
                _added[i] = more;
                continue;
            }
            sum.add_(more);
            more.Dispose();
        }
    }

    /// <summary>Euclidean norm of all gradients together; scales them down to <paramref name="maxNorm"/> where that is above 0.</summary>
    public double GradientNorm(double maxNorm = 0)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var gradients = Enumerable.Range(0, _added.Length).Select(Gradient).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        var norm = _kernels.Norm(gradients);
        if (maxNorm > 0 && norm > maxNorm)
        {
            // The 1e-6 is torch.nn.utils.clip_grad_norm_'s.
            foreach (var gradient in gradients) gradient.mul_(maxNorm / (norm + 1e-6));
        }

        return norm;
    }

    /// <summary>One update of every parameter that has a gradient.</summary>
    public void Step(double learningRate) => Step(_ => learningRate);

    /// <summary>One update of every parameter that has a gradient, parameter number i at a learning rate of its own.</summary>
    public void Step(Func<int, double> learningRate)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (Gradient(i) is not { } gradient) continue;
            var step = new AdamStep(++_steps[i], learningRate(i), _beta1, _beta2, _epsilon);
            _kernels.Adam(new AdamState(_parameters[i], _firstMoments[i], _secondMoments[i]), gradient, step);
        }
    }

    /// <summary>What was given for a parameter, else what a backward pass left on it; null where neither is there.</summary>
    internal Tensor? Gradient(int i) => _added[i] ?? _parameters[i].grad;

    /// <summary>Puts back a saved state.</summary>
    public void Restore(IReadOnlyList<long> steps, IReadOnlyList<Tensor> firstMoments, IReadOnlyList<Tensor> secondMoments)
    {
        using var guard = no_grad();
        for (var i = 0; i < _parameters.Count; i++)
        {
            _steps[i] = steps[i];
            _firstMoments[i].copy_(firstMoments[i]);
            _secondMoments[i].copy_(secondMoments[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _firstMoments) state.Dispose();
        foreach (var state in _secondMoments) state.Dispose();
        foreach (var gradient in _added) gradient?.Dispose();
    }
}
