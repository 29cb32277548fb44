using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>
/// Kernels that do in one pass over memory what several operators do in as many. But where it says otherwise they take
/// float32 tensors on the CPU alone, and take part in the backward pass.
/// </summary>
public interface IFusedKernels
{
    /// <summary>Whether the kernels take this tensor: float32, on the CPU.</summary>
    bool Take(Tensor tensor);

    /// <summary>Whether <see cref="RmsNorm"/> takes this tensor: as <see cref="Take"/>, and any on CUDA where this libtorch has the kernel.</summary>
    bool TakesNorm(Tensor x);

    /// <summary>x / sqrt(mean(x²) + epsilon) * weight over the last dimension (Zhang &amp; Sennrich 2019).</summary>
    /// <param name="x">[..., hidden]</param>
    /// <param name="weight">[hidden]</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>[..., hidden]</returns>
    Tensor RmsNorm(Tensor x, Tensor weight, double epsilon);

    /// <summary>
    /// Rotates the first part of each head by its position (Su et al. 2021), halves paired as Llama's checkpoints have
    /// them: (x1 cos - x2 sin, x2 cos + x1 sin). What lies beyond that part passes through.
    /// </summary>
    /// <param name="x">[batch, tokens, heads, head]; only its last dimension has to be dense.</param>
    /// <param name="cos">[batch or 1, tokens, 1, rotated], its second half equal to its first; takes no gradient.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <returns>[batch, tokens, heads, head], contiguous</returns>
    Tensor Rotary(Tensor x, Tensor cos, Tensor sin);

    /// <summary>silu(gate) * up, the gated unit of Llama's feed-forward layer (Shazeer 2020).</summary>
    /// <param name="stacked">[..., 2 * width]: gate and up.</param>
    /// <returns>[..., width]</returns>
    Tensor SiluMul(Tensor stacked);

    /// <summary>The log-probability of each row's label and the entropy of each row's distribution, in nats.</summary>
    /// <param name="logits">[rows, vocabulary]</param>
    /// <param name="labels">[rows], int64, each below the vocabulary's size.</param>
    /// <returns>Two of [rows].</returns>
    (Tensor LogProbs, Tensor Entropy) LogProbEntropy(Tensor logits, Tensor labels);

    /// <summary>
    /// <see cref="LogProbEntropy"/> of logits = hidden headᵀ that are never all there: some rows' at a time, computed
    /// again in the backward pass for the head's gradient alone. On any device; the entropy takes no gradient.
    /// </summary>
    /// <param name="hidden">[rows, hidden]</param>
    /// <param name="head">[vocabulary, hidden]</param>
    /// <param name="labels">[rows], int64, each below the vocabulary's size.</param>
    /// <param name="rowsAtOnce">Rows whose logits are held at a time.</param>
    /// <returns>Two of [rows], float32 (float64 of float64).</returns>
    (Tensor LogProbs, Tensor Entropy) HeadLogProbEntropy(Tensor hidden, Tensor head, Tensor labels, long rowsAtOnce);

    /// <summary>
    /// Scaled dot-product attention (Vaswani et al. 2017), causal. Each key head serves heads / key heads query heads in
    /// a row. The weights are never held whole, neither for the backward pass.
    /// </summary>
    /// <param name="query">[batch, tokens, heads, head]; only its last dimension has to be dense.</param>
    /// <param name="key">[batch, tokens, key heads, head], likewise.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="mask">[batch, tokens], 0 on padding, which is seen by nobody but itself. Null where there is none.</param>
    /// <param name="window">A token sees this many tokens, itself included; 0 for all before it.</param>
    /// <returns>[batch, tokens, heads * head]</returns>
    Tensor CausalAttention(Tensor query, Tensor key, Tensor value, Tensor? mask, long window);

    /// <summary>
    /// <see cref="Rotary"/> and <see cref="CausalAttention"/> of query, key and value side by side, as one projection
    /// gives them; the gradient is one tensor too.
    /// </summary>
    /// <param name="stacked">[batch, tokens, (heads + 2 key heads) * head]: queries, keys, values, not yet rotated.</param>
    /// <param name="cos">As for <see cref="Rotary"/>.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="mask">As for <see cref="CausalAttention"/>; null where there are lengths.</param>
    /// <param name="lengths">Tokens of each sequence, where they lie end to end in a batch of one row; empty: each row is a sequence.</param>
    /// <param name="heads">Query heads.</param>
    /// <param name="keyHeads">Key heads, and value heads.</param>
    /// <param name="window">As for <see cref="CausalAttention"/>.</param>
    /// <returns>[batch, tokens, heads * head]</returns>
    /// <exception cref="TorchException">A shape does not fit, or the lengths do not add up to the row.</exception>
    Tensor RotaryAttention(Tensor stacked, Tensor cos, Tensor sin, Tensor? mask, long[] lengths, long heads, long keyHeads, long window);

    /// <summary>
    /// One token's attention against a key-value cache: writes key and value behind the filled places and attends from
    /// the row's start to them. No gradient.
    /// </summary>
    /// <param name="query">[rows, 1, heads, head]</param>
    /// <param name="key">[rows, 1, key heads, head]</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="keys">[at least rows, key heads, places, head], contiguous: the cache's keys, changed in place.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    /// <param name="starts">[rows], int64: the first place that is not padding.</param>
    /// <param name="filled">How many places hold earlier tokens.</param>
    /// <param name="window">The token sees this many tokens, itself included; 0 for all before it.</param>
    /// <returns>[rows, 1, heads * head]</returns>
    Tensor DecodeAttention(
        Tensor query, Tensor key, Tensor value, Tensor keys, Tensor values, Tensor starts, long filled, long window);

    /// <summary><see cref="Rotary"/> and <see cref="DecodeAttention"/> of query, key and value side by side. No gradient.</summary>
    /// <param name="stacked">[rows, 1, (heads + 2 key heads) * head]: query, key, value, not yet rotated.</param>
    /// <param name="cos">[rows or 1, 1, 1, rotated]</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="keys">As for <see cref="DecodeAttention"/>; tells how many key heads there are, and their size.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    /// <param name="starts">As for <see cref="DecodeAttention"/>.</param>
    /// <param name="filled">As for <see cref="DecodeAttention"/>.</param>
    /// <param name="window">As for <see cref="DecodeAttention"/>.</param>
    /// <returns>[rows, 1, heads * head]</returns>
    Tensor RotaryDecodeAttention(
        Tensor stacked, Tensor cos, Tensor sin, Tensor keys, Tensor values, Tensor starts, long filled, long window);

    /// <summary>
    /// A linear layer with low-rank adapters on parts of its output (Hu et al. 2021): x weightᵀ + bias, and on the columns
    /// from starts[i] on, scales[i] (x a[i]ᵀ) b[i]ᵀ more. On any device; all tensors of one element type.
    /// </summary>
    /// <param name="x">[..., inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]</param>
    /// <param name="a">[rank, inputs] each</param>
    /// <param name="b">[part of outputs, rank] each</param>
    /// <param name="starts">The first output that each adapter acts on.</param>
    /// <param name="scales">alpha / rank of each.</param>
    /// <returns>[..., outputs]</returns>
    Tensor LoraLinear(Tensor x, Tensor weight, Tensor? bias, IList<Tensor> a, IList<Tensor> b, long[] starts, double[] scales);

    /// <summary>
    /// The feed-forward half of a Llama block: x + (silu(n gateᵀ) · (n upᵀ)) downᵀ with n = <see cref="RmsNorm"/> of x. The weights are
    /// taken to be frozen: only x has a gradient.
    /// </summary>
    /// <param name="x">[..., hidden]</param>
    /// <param name="norm">[hidden]</param>
    /// <param name="gateUp">[2 inner, hidden]: gate and up.</param>
    /// <param name="down">[hidden, inner]</param>
    /// <param name="epsilon">As for <see cref="RmsNorm"/>.</param>
    /// <returns>As <paramref name="x"/>.</returns>
    /// <exception cref="TorchException">A shape does not fit, or a weight wants a gradient.</exception>
    Tensor GatedFeedForward(Tensor x, Tensor norm, Tensor gateUp, Tensor down, double epsilon);

    /// <summary>
    /// A Llama block over one token a row: <see cref="RmsNorm"/>, projection, <see cref="RotaryDecodeAttention"/> and its output's projection
    /// onto x, then <see cref="GatedFeedForward"/>; multiplies as <see cref="FewRowsLinear"/> does. No gradient.
    /// </summary>
    /// <param name="x">[rows, 1, hidden], contiguous; changed in place.</param>
    /// <param name="weights">The block's.</param>
    /// <param name="epsilon">As for <see cref="RmsNorm"/>.</param>
    /// <param name="cos">[positions, rotated], cosines of every position; a row's is its number of filled places that are not padding.</param>
    /// <param name="sin">As <paramref name="cos"/>.</param>
    /// <param name="keys">As for <see cref="DecodeAttention"/>.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    /// <param name="starts">As for <see cref="DecodeAttention"/>.</param>
    /// <param name="filled">As for <see cref="DecodeAttention"/>; below the number of positions.</param>
    /// <param name="window">As for <see cref="DecodeAttention"/>.</param>
    /// <exception cref="TorchException">A shape does not fit.</exception>
    void DecodeBlock(
        Tensor x, BlockWeights weights, double epsilon, Tensor cos, Tensor sin, Tensor keys, Tensor values, Tensor starts, long filled, long window);

    /// <summary>x weightᵀ + bias over whole sequences.</summary>
    /// <param name="x">[..., inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs], or null</param>
    /// <returns>[..., outputs]</returns>
    Tensor Linear(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>x weightᵀ + bias for few rows, faster than BLAS up to some <see cref="FewRows"/> of them. No gradient.</summary>
    /// <param name="x">[..., inputs]</param>
    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]</param>
    /// <returns>[..., outputs]; a row's result does not depend on the other rows.</returns>
    Tensor FewRowsLinear(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>Rows up to which <see cref="FewRowsLinear"/> pays.</summary>
    int FewRows { get; }

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
