using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>Layer normalisation with gain and bias (Ba et al. 2016).</summary>
internal sealed class LayerNorm(WeightStore weights, string name, ModelConfig config)
{
    private readonly Tensor _gain = weights.Add($"{name}.weight", [config.HiddenSize], WeightInit.Ones);
    private readonly Tensor _bias = weights.Add($"{name}.bias", [config.HiddenSize], WeightInit.Zeros);

    /// <param name="x">[.., hidden].</param>
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, [config.HiddenSize], _gain, _bias, config.NormEpsilon);
}
