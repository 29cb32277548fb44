using Rer.Engine.Models.Architectures;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>
/// What a model computes with. One set is chosen for a model when it is made (<see cref="For"/>); no layer asks which. Results
/// belong to the dispose scope of the caller, and carry a gradient where an input does and grad mode is on.
/// </summary>
internal interface IKernels
{
    /// <summary>The fastest set for tensors of a type on a device.</summary>
    static IKernels For(Device device, ScalarType type) =>
        device.type == DeviceType.CPU && type == ScalarType.Float32 && SimdKernels.IsSupported ? SimdKernels.Instance
            : TorchKernels.Instance;

    /// <summary>A linear layer: `x weightᵀ + bias`.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <returns>[.., outputs].</returns>
    Tensor Linear(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>A linear layer with low-rank adapters on parts of its output (Hu et al. 2021).</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or null.</param>
    /// <param name="adapters">In the weight's type.</param>
    /// <returns>[.., outputs].</returns>
    Tensor Linear(Tensor x, Tensor weight, Tensor? bias, IReadOnlyList<LowRank> adapters);

    /// <summary>`x / sqrt(mean(x²) + epsilon) · gain`, the mean in float32 at least (Zhang and Sennrich 2019).</summary>
    /// <param name="x">[.., width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">Added to the mean square.</param>
    Tensor RmsNorm(Tensor x, Tensor gain, double epsilon);

    /// <summary>`silu(gate) · up` (Shazeer 2020).</summary>
    /// <param name="stacked">[.., 2 · width]: gate and up, side by side.</param>
    /// <returns>[.., width].</returns>
    Tensor GatedSilu(Tensor stacked);

    /// <summary>Causal scaled dot-product attention (Vaswani et al. 2017) within whole sequences.</summary>
    /// <param name="stacked">[batch, tokens, (heads + 2 key-value heads) · head size]: queries, keys, values, not yet rotated.</param>
    /// <param name="heads">How the last dimension divides.</param>
    /// <param name="rotation">Of the batch's positions; null where there is nothing to rotate.</param>
    /// <param name="layout">Where the sequences lie.</param>
    /// <param name="kept">Where rotated keys and values go besides, [batch, key-value heads, at least tokens, head size]; or null.</param>
    /// <returns>[batch, tokens, heads · head size].</returns>
    Tensor Attend(Tensor stacked, HeadShape heads, Rotation? rotation, SequenceLayout layout, KeyValues? kept);

    /// <summary>
    /// Attention of one token a row against a cache, which takes the token's key and value behind the filled positions. No gradient.
    /// </summary>
    /// <param name="stacked">[rows, 1, (heads + 2 key-value heads) · head size], as for <see cref="Attend"/>.</param>
    /// <param name="heads">How the last dimension divides.</param>
    /// <param name="rotation">Of the rows' positions; null where there is nothing to rotate.</param>
    /// <param name="cache">[at least rows, key-value heads, capacity, head size].</param>
    /// <param name="starts">[rows], int64: the first place of each row that is not padding.</param>
    /// <param name="filled">Positions that hold earlier tokens.</param>
    /// <returns>[rows, 1, heads · head size].</returns>
    Tensor AttendCached(Tensor stacked, HeadShape heads, Rotation? rotation, KeyValues cache, Tensor starts, long filled);

    /// <summary>A whole block of a Llama, as <see cref="Models.Architectures.LlamaBlock.Forward"/> composes it.</summary>
    /// <param name="block">Weights and shape.</param>
    /// <param name="x">Residual stream, [batch, tokens, hidden].</param>
    /// <param name="rotation">Of the batch's positions.</param>
    /// <param name="attention">Masks and cache.</param>
    /// <param name="positions">Tokens to go on with behind the attention, [positions], int64; null is all.</param>
    /// <returns>[batch, tokens or positions, hidden].</returns>
    Tensor LlamaBlock(LlamaBlock block, Tensor x, Rotation rotation, SelfAttention attention, Tensor? positions);

    /// <summary>Log-probabilities of labels under a head, and entropies of the distributions they were drawn from.</summary>
    /// <param name="hidden">[positions, hidden].</param>
    /// <param name="head">[vocabulary, hidden].</param>
    /// <param name="labels">[positions], int64.</param>
    /// <returns>Both [positions], float32, nats; the entropy carries no gradient.</returns>
    (Tensor LogProbs, Tensor Entropy) HeadLogProbs(Tensor hidden, Tensor head, Tensor labels);

    /// <summary>The same from logits that are there already. No gradient.</summary>
    /// <param name="logits">[positions, vocabulary], float32.</param>
    /// <param name="labels">[positions], int64.</param>
    (Tensor LogProbs, Tensor Entropy) LogProbs(Tensor logits, Tensor labels);

    /// <summary>Logits that <see cref="HeadLogProbs"/> holds at a time, in positions.</summary>
    /// <param name="vocabulary">Logits of a position.</param>
    long HeadPositionsAtOnce(long vocabulary);

    /// <summary>Draws one token a row from the warped distribution. No gradient.</summary>
    /// <param name="logits">[rows, vocabulary], float32.</param>
    /// <param name="options">Temperature, cuts, or the likeliest token always.</param>
    /// <param name="uniforms">[rows, 1], float32 in [0, 1): the point of the cumulative distribution that each row takes.</param>
    /// <returns>[rows], int64.</returns>
    Tensor Sample(Tensor logits, SamplingOptions options, Tensor uniforms);

    /// <summary>Euclidean norm of all elements of all tensors together.</summary>
    double Norm(IReadOnlyList<Tensor> tensors);

    /// <summary>
    /// One update of Adam (Kingma and Ba 2015, algorithm 1, in PyTorch's order of operations); moments and parameter change in place.
    /// </summary>
    void Adam(AdamState state, Tensor gradient, AdamStep step);
}
