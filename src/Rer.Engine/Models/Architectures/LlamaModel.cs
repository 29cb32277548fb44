using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// Llama (Touvron et al. 2023): pre-normalised blocks with rotary grouped-query attention and a SiLU-gated feed-forward
/// layer. Mistral (sliding window), Qwen2 (biases on q, k, v) and Qwen3 (normalised queries and keys) are configurations of it.
/// </summary>
internal sealed class LlamaModel : ICausalBackbone
{
    private readonly Tensor _embedding;
    private readonly List<LlamaBlock> _blocks = [];
    private readonly Tensor _finalNorm;
    private readonly RotaryTable _rotary;

    /// <summary>Lays the model out; its weights are undefined until loaded or initialised.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="weights">Empty store that takes the weights; the model owns it from here on.</param>
    /// <param name="prefix">What published names begin with: `model.`; `transformer.` in some reward models.</param>
    /// <param name="withHead">Whether there is an output head (`lm_head`, or the embedding where tied).</param>
    public LlamaModel(ModelConfig config, WeightStore weights, string prefix = "model.", bool withHead = true)
    {
        Config = config;
        Weights = weights;
        weights.OptionalPrefix = prefix;
        _embedding = weights.Add($"{prefix}embed_tokens.weight", [config.VocabularySize, config.HiddenSize]);
        for (var layer = 0; layer < config.Layers; layer++) _blocks.Add(new LlamaBlock(config, weights, $"{prefix}layers.{layer}", layer));
        _finalNorm = weights.Add($"{prefix}norm.weight", [config.HiddenSize], WeightInit.Ones);
        if (withHead)
            Head = config.TieWordEmbeddings ? _embedding : weights.Add("lm_head.weight", [config.VocabularySize, config.HiddenSize]);
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
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (name == "lm_head.weight" && Config.TieWordEmbeddings);

    /// <inheritdoc/>
    public Tensor Forward(Tensor ids, SelfAttention attention, Tensor? positions = null)
    {
        using var scope = NewDisposeScope();
        var x = Embedding.Rows(_embedding, ids);
        var rotation = _rotary.At(attention);
        foreach (var block in _blocks)
        {
            // No other block reads them: a pass without a gradient holds one block's states, not all.
            using var before = x;
            x = Weights.Kernels.LlamaBlock(block, before, rotation, attention, block == _blocks[^1] ? positions : null);
        }
        return Weights.Kernels.RmsNorm(x, _finalNorm, Config.NormEpsilon).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rotary.Dispose();
        Weights.Dispose();
    }
}
