using Rer.Engine.Kernels;
using Rer.Engine.Models;
using static TorchSharp.torch;

namespace Rer.Engine.Training;

/// <summary>
/// What each loss alone adds to the adapter's gradient. The value's part is worked out beside the whole gradient and the policy's is the
/// rest of it, so the gradient that is applied stays bit for bit what it is without the question.
/// </summary>
/// <param name="optimizer">Holds the whole gradient.</param>
/// <param name="adapter">How many of its parameters are the adapter's; they come first.</param>
internal sealed class GradientParts(Adam optimizer, int adapter) : IDisposable
{
    /// <summary>Steps from one measurement to the next.</summary>
    public const int Interval = 10;

    private readonly Tensor?[] _value = new Tensor?[adapter];

    /// <summary>Adds to the value's part, one per parameter; null adds nothing. What is given belongs to this from then on.</summary>
    public void AddValue(IReadOnlyList<Tensor?> gradients)
    {
        using var guard = no_grad();
        for (var i = 0; i < _value.Length; i++)
        {
            if (gradients[i] is not { } more) continue;
            if (_value[i] is not { } sum)
            {
                _value[i] = more;
                continue;
            }

            sum.add_(more);
            more.Dispose();
        }
    }

    /// <summary>
    /// Euclidean norms over the adapter of the policy's and of the value's part, once the optimiser has the whole gradient.
    /// </summary>
    public (double Policy, double Value) Norms()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (policy, value) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < _value.Length; i++)
        {
            if (_value[i] is { } part) value.Add(part);
            if (optimizer.Gradient(i) is { } whole) policy.Add(_value[i] is { } known ? whole - known : whole);
        }

        return (Norm(policy), Norm(value));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _value) part?.Dispose();
    }

    private static double Norm(List<Tensor> tensors) =>
        tensors.Count == 0 ? 0 : IKernels.For(tensors[0].device, tensors[0].dtype).Norm(tensors);
}
