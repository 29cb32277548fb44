using Rer.Engine.Kernels;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// One block of <see cref="LlamaModel"/>: attention, then a gated feed-forward layer, each on a normalised residual stream.
/// </summary>
internal sealed class LlamaBlock
{
    private readonly IKernels _kernels;

    public LlamaBlock(ModelConfig config, WeightStore weights, string name, int layer)
    {
        (_kernels, Layer, Heads, Epsilon) = (weights.Kernels, layer, config.HeadsOf(layer), config.NormEpsilon);
        var (hidden, ffn) = (config.HiddenSize, config.IntermediateSize);
        var (query, key) = (config.Heads * config.HeadSize, config.KeyValueHeads * config.HeadSize);
        var attention = $"{name}.self_attn";
        AttentionNorm = weights.Add($"{name}.input_layernorm.weight", [hidden], WeightInit.Ones);
        QueryKeyValue = weights.AddProjection(
            $"{attention}.qkv_proj", hidden, [($"{attention}.q_proj", query), ($"{attention}.k_proj", key), ($"{attention}.v_proj", key)],
            config.QueryKeyValueBias);
        if (config.QueryKeyNorm)
        {
            QueryNorm = weights.Add($"{attention}.q_norm.weight", [config.HeadSize], WeightInit.Ones);
            KeyNorm = weights.Add($"{attention}.k_norm.weight", [config.HeadSize], WeightInit.Ones);
        }
        AttentionOutput =
            weights.AddProjection($"{attention}.o_proj", query, [($"{attention}.o_proj", hidden)], config.AttentionOutputBias);
        FeedForwardNorm = weights.Add($"{name}.post_attention_layernorm.weight", [hidden], WeightInit.Ones);
        GateUp = weights.AddProjection(
            $"{name}.mlp.gate_up_proj", hidden, [($"{name}.mlp.gate_proj", ffn), ($"{name}.mlp.up_proj", ffn)], config.FeedForwardBias);
        Down = weights.AddProjection($"{name}.mlp.down_proj", ffn, [($"{name}.mlp.down_proj", hidden)], config.FeedForwardBias);
    }

    /// <summary>Its index in the model.</summary>
    public int Layer { get; }

    /// <summary>How query, key and value lie in <see cref="QueryKeyValue"/>'s output.</summary>
    public HeadShape Heads { get; }

    /// <summary>Added to the mean square of both norms.</summary>
    public double Epsilon { get; }

    /// <summary>[hidden].</summary>
    public Tensor AttentionNorm { get; }

    /// <summary>Hidden to the heads' stacked queries, keys and values.</summary>
    public Projection QueryKeyValue { get; }

    /// <summary>[head size]; null but in Qwen3.</summary>
    public Tensor? QueryNorm { get; }

    /// <summary>As <see cref="QueryNorm"/>.</summary>
    public Tensor? KeyNorm { get; }

    /// <summary>The heads' outputs to hidden.</summary>
    public Projection AttentionOutput { get; }

    /// <summary>[hidden].</summary>
    public Tensor FeedForwardNorm { get; }

    /// <summary>Hidden to gate and up.</summary>
    public Projection GateUp { get; }

    /// <summary>Inner width to hidden.</summary>
    public Projection Down { get; }

    /// <param name="x">Residual stream, [batch, tokens, hidden].</param>
    /// <param name="rotation">Of the batch's positions.</param>
    /// <param name="attention">Masks and cache.</param>
    /// <param name="positions">Tokens to go on with behind the attention, [positions]; null is all.</param>
    public Tensor Forward(Tensor x, Rotation rotation, SelfAttention attention, Tensor? positions)
    {
        using var scope = NewDisposeScope();
        var attended = attention.Attend(_kernels, Layer, Stacked(_kernels.RmsNorm(x, AttentionNorm, Epsilon)), Heads, rotation);
        x = SelfAttention.At(positions, x) + AttentionOutput.Forward(SelfAttention.At(positions, attended));
        x = x + Down.Forward(_kernels.GatedSilu(GateUp.Forward(_kernels.RmsNorm(x, FeedForwardNorm, Epsilon))));
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Query, key and value side by side; in Qwen3 each query and key head is normalised.</summary>
    private Tensor Stacked(Tensor x)
    {
        var stacked = QueryKeyValue.Forward(x);
        if (QueryNorm is null || KeyNorm is null) return stacked;
        var heads = stacked.view(x.shape[0], x.shape[1], Heads.Heads + (2 * Heads.KeyValueHeads), Heads.Size)
            .split([Heads.Heads, Heads.KeyValueHeads, Heads.KeyValueHeads], 2);
        return cat([_kernels.RmsNorm(heads[0], QueryNorm, Epsilon), _kernels.RmsNorm(heads[1], KeyNorm, Epsilon), heads[2]], 2).flatten(2);
    }
}
