using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>One block of <see cref="LlamaModel"/>: attention, then a gated feed-forward layer, each on a normalised residual stream.</summary>
internal sealed class LlamaBlock
{
    private readonly ModelConfig _config;
    private readonly int _layer;
    private readonly Tensor _attentionNorm;
    private readonly Projection _queryKeyValue;
    private readonly Tensor? _queryNorm;
    private readonly Tensor? _keyNorm;
    private readonly Projection _attentionOutput;
    private readonly Tensor _feedForwardNorm;
    private readonly Projection _gateUp;
    private readonly Projection _down;

    public LlamaBlock(ModelConfig config, WeightStore weights, string name, int layer)
    {
        _config = config;
        _layer = layer;
        var (hidden, ffn) = (config.HiddenSize, config.IntermediateSize);
        var (query, key) = (config.Heads * config.HeadSize, config.KeyValueHeads * config.HeadSize);
        var attention = $"{name}.self_attn";
        _attentionNorm = weights.Add($"{name}.input_layernorm.weight", [hidden], WeightInit.Ones);
        _queryKeyValue = weights.AddProjection(
            $"{attention}.qkv_proj", hidden, [($"{attention}.q_proj", query), ($"{attention}.k_proj", key), ($"{attention}.v_proj", key)], config.QueryKeyValueBias);
        if (config.QueryKeyNorm)
        {
            _queryNorm = weights.Add($"{attention}.q_norm.weight", [config.HeadSize], WeightInit.Ones);
            _keyNorm = weights.Add($"{attention}.k_norm.weight", [config.HeadSize], WeightInit.Ones);
        }
        _attentionOutput = weights.AddProjection($"{attention}.o_proj", query, [($"{attention}.o_proj", hidden)], config.AttentionOutputBias);
        _feedForwardNorm = weights.Add($"{name}.post_attention_layernorm.weight", [hidden], WeightInit.Ones);
        _gateUp = weights.AddProjection(
            $"{name}.mlp.gate_up_proj", hidden, [($"{name}.mlp.gate_proj", ffn), ($"{name}.mlp.up_proj", ffn)], config.FeedForwardBias);
        _down = weights.AddProjection($"{name}.mlp.down_proj", ffn, [($"{name}.mlp.down_proj", hidden)], config.FeedForwardBias);
    }

    /// <summary>The weights as one operator takes them that does the whole block; null where it cannot.</summary>
    public BlockWeights? Alone =>
        _queryNorm is null && _queryKeyValue.Alone is { } queryKeyValue && _attentionOutput is { Alone: { } output, Bias: null }
            && _gateUp is { Alone: { } gateUp, Bias: null } && _down is { Alone: { } down, Bias: null }
            ? new(_attentionNorm, queryKeyValue, _queryKeyValue.Bias, output, _feedForwardNorm, gateUp, down)
            : null;

    /// <param name="x">Residual stream, [batch, tokens, hidden].</param>
    /// <param name="rotation">Of the batch's positions.</param>
    /// <param name="attention">Of the batch.</param>
    /// <param name="places">Tokens to go on with behind the attention, [places]; null is all.</param>
    public Tensor Forward(Tensor x, Rotation rotation, Attention attention, Tensor? places)
    {
        using var scope = NewDisposeScope();
        var attended = Attend(Norms.Rms(x, _attentionNorm, _config.NormEpsilon), rotation, attention);
        x = Attention.At(places, x) + _attentionOutput.Forward(Attention.At(places, attended));
        return FeedForward(x).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, Rotation rotation, Attention attention)
    {
        var stacked = _queryKeyValue.Forward(x);
        if (_queryNorm is null || _keyNorm is null) return attention.AttendStacked(_layer, stacked, rotation, _config);

        var (query, key, value) = Attention.Split(stacked, _config);
        query = Norms.Rms(query, _queryNorm, _config.NormEpsilon);
        key = Norms.Rms(key, _keyNorm, _config.NormEpsilon);
        return attention.Attend(_layer, rotation.Apply(query), rotation.Apply(key), value, _config.WindowOf(_layer));
    }

    private Tensor FeedForward(Tensor x)
    {
        if (Fused.For(x) is { } fused && !Linear.Decodes(x, fused)
            && _gateUp is { Frozen: { } gateUp, Bias: null } && _down is { Frozen: { } down, Bias: null })
            return fused.GatedFeedForward(x, _feedForwardNorm, gateUp, down, _config.NormEpsilon);
        return x + _down.Forward(Activations.GatedSilu(_gateUp.Forward(Norms.Rms(x, _feedForwardNorm, _config.NormEpsilon))));
    }
}
