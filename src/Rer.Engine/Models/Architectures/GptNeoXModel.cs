using Rer.Engine.Kernels;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// GPT-NeoX (Black et al. 2022; Pythia): rotary positions on a part of each head, query, key and value interleaved by
/// head, and, where the config says so, attention and feed-forward layer reading the residual stream side by side.
/// </summary>
internal sealed class GptNeoXModel : ICausalBackbone
{
    private readonly Tensor _embedding;
    private readonly List<Block> _blocks = [];
    private readonly LayerNorm _finalNorm;
    private readonly RotaryTable _rotary;

    /// <summary>Lays the model out; its weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="weights">Empty store that takes the weights; the model owns it from here on.</param>
    /// <param name="prefix">What published names begin with; a checkpoint of the bare model leaves it off.</param>
    /// <param name="withHead">Whether there is an output head.</param>
    public GptNeoXModel(ModelConfig config, WeightStore weights, string prefix = "gpt_neox.", bool withHead = true)
    {
        Config = config;
        Weights = weights;
        weights.OptionalPrefix = prefix;
        _embedding = weights.Add($"{prefix}embed_in.weight", [config.VocabularySize, config.HiddenSize]);
        for (var layer = 0; layer < config.Layers; layer++) _blocks.Add(new Block(config, weights, $"{prefix}layers.{layer}", layer));
        _finalNorm = new LayerNorm(weights, $"{prefix}final_layer_norm", config);
        if (withHead)
            Head = config.TieWordEmbeddings ? _embedding : weights.Add("embed_out.weight", [config.VocabularySize, config.HiddenSize]);
        _rotary = new RotaryTable(config, weights.Device, weights.Type);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public WeightStore Weights { get; }

    /// <inheritdoc/>
    public Tensor? Head { get; }

    /// <inheritdoc/>
    public bool IsIgnorable(string name) =>
        name.EndsWith(".attention.bias", StringComparison.Ordinal) || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (name == "embed_out.weight" && Config.TieWordEmbeddings);

    /// <inheritdoc/>
    public Tensor Forward(Tensor ids, SelfAttention attention, Tensor? positions = null)
    {
        using var scope = NewDisposeScope();
        var rotation = _rotary.At(attention);
        var x = Embedding.Rows(_embedding, ids);
        foreach (var block in _blocks)
        {
            // No other block reads them: a pass without a gradient holds one block's states, not all.
            using var before = x;
            x = block.Forward(before, rotation, attention, block == _blocks[^1] ? positions : null);
        }
        return _finalNorm.Forward(x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rotary.Dispose();
        Weights.Dispose();
    }

    private sealed class Block(ModelConfig config, WeightStore weights, string name, int layer)
    {
        private readonly LayerNorm _attentionNorm = new(weights, $"{name}.input_layernorm", config);
        private readonly LayerNorm _feedForwardNorm = new(weights, $"{name}.post_attention_layernorm", config);
        private readonly Projection _queryKeyValue =
            Linear(weights, $"{name}.attention.query_key_value", config.HiddenSize, 3 * config.HiddenSize, config.QueryKeyValueBias);
        private readonly Projection _attentionOutput =
            Linear(weights, $"{name}.attention.dense", config.HiddenSize, config.HiddenSize, config.QueryKeyValueBias);
        private readonly Projection _up = Linear(weights, $"{name}.mlp.dense_h_to_4h", config.HiddenSize, config.IntermediateSize);
        private readonly Projection _down = Linear(weights, $"{name}.mlp.dense_4h_to_h", config.IntermediateSize, config.HiddenSize);
        private readonly Func<Tensor, Tensor> _activation = Activations.Find(config.Activation);
        private readonly HeadShape _heads = config.HeadsOf(layer);

        public Tensor Forward(Tensor x, Rotation rotation, SelfAttention attention, Tensor? positions)
        {
            using var scope = NewDisposeScope();
            var attended = _attentionOutput.Forward(SelfAttention.At(positions, Attend(_attentionNorm.Forward(x), rotation, attention)));
            x = SelfAttention.At(positions, x);
            var fed = FeedForward(_feedForwardNorm.Forward(config.ParallelResidual ? x : x + attended));
            return (x + attended + fed).MoveToOuterDisposeScope();
        }

        private Tensor Attend(Tensor x, Rotation rotation, SelfAttention attention)
        {
            // Published head by head, [heads, 3, head size]; attention takes all queries, then all keys, then all values.
            var byHead = _queryKeyValue.Forward(x).view(x.shape[0], x.shape[1], config.Heads, 3, config.HeadSize);
            return attention.Attend(weights.Kernels, layer, byHead.transpose(2, 3).flatten(2), _heads, rotation);
        }

        private Tensor FeedForward(Tensor x) => _down.Forward(_activation(_up.Forward(x)));

        private static Projection Linear(WeightStore weights, string name, int inputs, int outputs, bool bias = true) =>
            weights.AddProjection(name, inputs, [(name, outputs)], bias);
    }
}
