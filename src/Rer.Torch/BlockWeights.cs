using static TorchSharp.torch;

namespace Rer.Torch;

/// <summary>The weights of a Llama block.</summary>
/// <param name="AttentionNorm">[hidden]</param>
/// <param name="QueryKeyValue">[(heads + 2 key heads) * head, hidden]</param>
/// <param name="QueryKeyValueBias">As wide, or null.</param>
/// <param name="AttentionOutput">[hidden, heads * head]</param>
/// <param name="FeedForwardNorm">[hidden]</param>
/// <param name="GateUp">[2 inner, hidden]: gate and up.</param>
/// <param name="Down">[hidden, inner]</param>
public readonly record struct BlockWeights(
    Tensor AttentionNorm, Tensor QueryKeyValue, Tensor? QueryKeyValueBias, Tensor AttentionOutput, Tensor FeedForwardNorm, Tensor GateUp, Tensor Down);
