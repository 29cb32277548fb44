using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>
/// Kernels that do in one pass over memory what several operators do in as many. All take float32 tensors on the CPU
/// and, but where it says otherwise, take part in the backward pass.
/// </summary>
public interface IFusedKernels
{
    /// <summary>Whether the kernels take this tensor: float32, on the CPU.</summary>
    bool Take(Tensor tensor);

    /// <summary>x / sqrt(mean(x²) + epsilon) * weight over the last dimension (Zhang &amp; Sennrich 2019).</summary>
    /// <param name="x">[..., hidden]</param>
    /// <param name="weight">[hidden]</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>[..., hidden]</returns>
    Tensor RmsNorm(Tensor x, Tensor weight, double epsilon);

    /// <summary>
    /// Rotates each head by its position (Su et al. 2021), halves paired as Llama's checkpoints have them:
    /// (x1 cos - x2 sin, x2 cos + x1 sin), and puts the heads before the tokens.
    /// </summary>
    /// <param name="x">[batch, tokens, heads, head]; only its last dimension has to be dense.</param>
    /// <param name="cos">[batch or 1, tokens, head / 2]; takes no gradient.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <returns>[batch, heads, tokens, head], contiguous</returns>
    Tensor Rotary(Tensor x, Tensor cos, Tensor sin);

    /// <summary>silu(gate) * up, the gated unit of Llama's feed-forward layer (Shazeer 2020).</summary>
    /// <param name="gate">[...]</param>
    /// <param name="up">As <paramref name="gate"/>.</param>
    Tensor SiluMul(Tensor gate, Tensor up);

    /// <summary>The log-probability of each row's label and the entropy of each row's distribution, in nats.</summary>
    /// <param name="logits">[rows, vocabulary]</param>
    /// <param name="labels">[rows], int64, each below the vocabulary's size.</param>
    /// <returns>Two of [rows].</returns>
    (Tensor LogProbs, Tensor Entropy) LogProbEntropy(Tensor logits, Tensor labels);

    /// <summary>
    /// Attention over keys that may be grouped (each key head serves heads / key heads query heads in a row), causal and
    /// blind to the padding on the left, scaled by 1/sqrt(head). Never holds more than one row of weights a thread in
    /// the forward pass.
    /// </summary>
    /// <param name="query">[batch, heads, tokens, head]</param>
    /// <param name="key">[batch, key heads, tokens, head]</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="first">[batch], int64: each row's first token that is not padding. Null where there is no padding.</param>
    /// <returns>[batch, tokens, heads * head]; the rows of padding are 0.</returns>
    Tensor CausalAttention(Tensor query, Tensor key, Tensor value, Tensor? first);

    /// <summary>
    /// One token's attention against a key-value cache: rotates query and key, writes key and value at the row's
    /// place, and attends from the row's first place to that one. No gradient.
    /// </summary>
    /// <param name="query">[rows, heads, head], not yet rotated.</param>
    /// <param name="key">[rows, key heads, head], not yet rotated.</param>
    /// <param name="value">[rows, key heads, head]</param>
    /// <param name="cos">[rows or 1, head / 2], of each row's position.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="keyCache">[cache rows, key heads, places, head], contiguous; changed in place.</param>
    /// <param name="valueCache">As <paramref name="keyCache"/>.</param>
    /// <param name="cacheRows">[rows], int64: which row of the cache is whose.</param>
    /// <param name="first">[rows], int64: the first place that is not padding.</param>
    /// <param name="place">[rows], int64: where this token goes, the last place attended to.</param>
    /// <returns>[rows, heads * head]</returns>
    Tensor DecodeAttention(
        Tensor query, Tensor key, Tensor value, Tensor cos, Tensor sin, Tensor keyCache, Tensor valueCache,
        Tensor cacheRows, Tensor first, Tensor place);

    /// <summary>
    /// Draws one token a row from softmax(logits / temperature), cut to the <paramref name="topK"/> likeliest tokens and
    /// then to the fewest likeliest whose probabilities reach <paramref name="topP"/>. No gradient.
    /// </summary>
    /// <param name="logits">[rows, vocabulary]</param>
    /// <param name="uniforms">[rows], in [0, 1): the draw is the inverse of the cumulative distribution at this number.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="topK">0 for no such cut.</param>
    /// <param name="topP">In (0, 1]; 1 for no such cut.</param>
    /// <returns>[rows], int64</returns>
    Tensor Sample(Tensor logits, Tensor uniforms, double temperature, long topK, double topP);
}
