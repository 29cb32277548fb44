using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed class FusedOptimiser : IFusedOptimiser
{
    public void Adam(
        IList<Tensor> parameters, IList<Tensor> gradients, IList<Tensor> firstMoments, IList<Tensor> secondMoments,
        long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        => Aten.Do(
            "rer::adam_", Argument.List(parameters), Argument.List(gradients), Argument.List(firstMoments), Argument.List(secondMoments),
            step, learningRate, beta1, beta2, epsilon, weightDecay);
}
