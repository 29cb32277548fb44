using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>What Adam keeps for one parameter; all of one shape, on one device.</summary>
/// <param name="Parameter">What is trained.</param>
/// <param name="FirstMoment">Running mean of the gradients.</param>
/// <param name="SecondMoment">Running mean of their squares.</param>
internal sealed record AdamState(Tensor Parameter, Tensor FirstMoment, Tensor SecondMoment);

/// <summary>One update's numbers.</summary>
/// <param name="Number">Updates made after this one, from 1.</param>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moments.</param>
/// <param name="Beta2">Decay of the second moments.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
internal readonly record struct AdamStep(long Number, double LearningRate, double Beta1, double Beta2, double Epsilon)
{
    /// <summary>`1 - beta1^t`.</summary>
    public double Correction1 => 1 - Math.Pow(Beta1, Number);

    /// <summary>`sqrt(1 - beta2^t)`.</summary>
    public double Correction2 => Math.Sqrt(1 - Math.Pow(Beta2, Number));
}
