using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Torch.Interop;

internal sealed class FusedOptimiser : IFusedOptimiser
{
    private const string OnCuda = "_fused_adam_";

    private readonly bool _cuda = Aten.Has(OnCuda);

    public bool Take(Tensor parameter)
        => parameter.dtype == ScalarType.Float32 && parameter.is_contiguous() && (OnCpu(parameter) || (_cuda && parameter.device_type == DeviceType.CUDA));

    public Tensor Norm(IList<Tensor> tensors)
    {
        if (OnCpu(tensors[0])) return Aten.One("rer::norm", Argument.List(tensors));
        using var scope = NewDisposeScope();
        return stack(Aten.Many("_foreach_norm.Scalar", Argument.List(tensors))).norm().MoveToOuterDisposeScope();
    }

    public void Adam(
        IList<Tensor> parameters, IList<Tensor> gradients, IList<Tensor> firstMoments, IList<Tensor> secondMoments,
        long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    {
        var (p, g, m, v) = (Argument.List(parameters), Argument.List(gradients), Argument.List(firstMoments), Argument.List(secondMoments));
        if (OnCpu(parameters[0]))
        {
            Aten.Do("rer::adam_", p, g, m, v, step, learningRate, beta1, beta2, epsilon, weightDecay);
            return;
        }

        using var steps = full([], (double)step, ScalarType.Float32, parameters[0].device);
        var stepOfEach = Enumerable.Repeat(steps, parameters.Count).ToArray();
        Aten.Do(
            OnCuda, p, g, m, v, Argument.List([]), Argument.List(stepOfEach), learningRate, beta1, beta2, weightDecay, epsilon,
            /* amsgrad */ false, /* maximize */ false);
    }

    private static bool OnCpu(Tensor tensor) => tensor.device_type == DeviceType.CPU;
}
