using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>An optimiser's work over many parameters in one call each.</summary>
public interface IFusedOptimiser
{
    /// <summary>Whether it takes a parameter: contiguous float32, on the CPU or, where this libtorch has the kernel, on CUDA.</summary>
    bool Take(Tensor parameter);

    /// <summary>Euclidean norm of all elements of all tensors together.</summary>
    /// <param name="tensors">At least one, each as <see cref="Take"/> wants it, all on one device.</param>
    /// <returns>A number, float32, there.</returns>
    Tensor Norm(IList<Tensor> tensors);

    /// <summary>
    /// One step of Adam (Kingma &amp; Ba 2015, algorithm 1, as PyTorch computes it): moments and parameters change in place.
    /// The lists run in parallel, every tensor as <see cref="Take"/> wants it.
    /// </summary>
    /// <param name="parameters">What is trained.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="firstMoments">Running means of the gradients.</param>
    /// <param name="secondMoments">Running means of their squares.</param>
    /// <param name="step">How many steps there will have been after this one; from 1.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="beta1">Decay of the first moments.</param>
    /// <param name="beta2">Decay of the second moments.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">Added to the gradient as weightDecay * parameter; 0 for none.</param>
    /// <exception cref="TorchException">The lists differ in length, or a tensor is not as said.</exception>
    void Adam(
        IList<Tensor> parameters, IList<Tensor> gradients, IList<Tensor> firstMoments, IList<Tensor> secondMoments,
        long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay);
}
