using Rer.Engine.Kernels;
using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// GPT-2 (Radford et al. 2019): pre-normalised blocks, learned absolute positions, biases throughout, the head tied to the
/// embedding. Its linear weights are published as [inputs, outputs].
/// </summary>
internal sealed class Gpt2Model : ICausalBackbone
{
    private readonly Tensor _tokens;
    private readonly Tensor _positions;
    private readonly List<Block> _blocks = [];
    private readonly LayerNorm _finalNorm;

    /// <summary>Lays the model out; its weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="weights">Empty store that takes the weights; the model owns it from here on.</param>
    /// <param name="prefix">What published names begin with; a checkpoint of the bare model leaves it off.</param>
    /// <param name="withHead">Whether there is an output head.</param>
    public Gpt2Model(ModelConfig config, WeightStore weights, string prefix = "transformer.", bool withHead = true)
    {
        Config = config;
        Weights = weights;
        weights.OptionalPrefix = prefix;
        _tokens = weights.Add($"{prefix}wte.weight", [config.VocabularySize, config.HiddenSize]);
        _positions = weights.Add($"{prefix}wpe.weight", [config.MaxPositions, config.HiddenSize]);
        for (var layer = 0; layer < config.Layers; layer++) _blocks.Add(new Block(config, weights, $"{prefix}h.{layer}", layer));
        _finalNorm = new LayerNorm(weights, $"{prefix}ln_f", config);
        if (withHead) Head = config.TieWordEmbeddings ? _tokens : weights.Add("lm_head.weight", [config.VocabularySize, config.HiddenSize]);
    }

    /// <inheritdoc/>
    public ModelConfig Config { get; }

    /// <inheritdoc/>
    public WeightStore Weights { get; }

    /// <inheritdoc/>
    public Tensor? Head { get; }

    /// <inheritdoc/>
    public bool IsIgnorable(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
        || (name == "lm_head.weight" && Config.TieWordEmbeddings);

    /// <inheritdoc/>
    public Tensor Forward(Tensor ids, SelfAttention attention, Tensor? positions = null)
    {
        using var scope = NewDisposeScope();
        // Absolute positions: under left padding they count tokens, not columns.
        var x = Embedding.Rows(_tokens, ids) + Embedding.Rows(_positions, attention.Positions);
        foreach (var block in _blocks)
        {
            // No other block reads them: a pass without a gradient holds one block's states, not all.
            using var before = x;
            x = block.Forward(before, attention, block == _blocks[^1] ? positions : null);
        }
        return _finalNorm.Forward(x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private sealed class Block(ModelConfig config, WeightStore weights, string name, int layer)
    {
        private readonly LayerNorm _attentionNorm = new(weights, $"{name}.ln_1", config);
        private readonly Projection _queryKeyValue = Linear(weights, $"{name}.attn.c_attn", config.HiddenSize, 3 * config.HiddenSize);
        private readonly Projection _attentionOutput = Linear(weights, $"{name}.attn.c_proj", config.HiddenSize, config.HiddenSize);
        private readonly LayerNorm _feedForwardNorm = new(weights, $"{name}.ln_2", config);
        private readonly Projection _up = Linear(weights, $"{name}.mlp.c_fc", config.HiddenSize, config.IntermediateSize);
        private readonly Projection _down = Linear(weights, $"{name}.mlp.c_proj", config.IntermediateSize, config.HiddenSize);
        private readonly Func<Tensor, Tensor> _activation = Activations.Find(config.Activation);
        private readonly HeadShape _heads = config.HeadsOf(layer);

        public Tensor Forward(Tensor x, SelfAttention attention, Tensor? positions)
        {
            using var scope = NewDisposeScope();
            var attended =
                attention.Attend(weights.Kernels, layer, _queryKeyValue.Forward(_attentionNorm.Forward(x)), _heads, rotation: null);
            x = SelfAttention.At(positions, x) + _attentionOutput.Forward(SelfAttention.At(positions, attended));
            x = x + _down.Forward(_activation(_up.Forward(_feedForwardNorm.Forward(x))));
            return x.MoveToOuterDisposeScope();
        }

        private static Projection Linear(WeightStore weights, string name, int inputs, int outputs) =>
            weights.AddProjection(name, inputs, [(name, outputs)], bias: true, transposed: true);
    }
}
