using Rer.Engine.Kernels.Simd;
using Rer.Engine.Kernels.Simd.Products;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;

namespace Rer.Engine.Runs.Planning;

/// <summary>
/// Elements that a decoder-only model holds besides its weights, counted from what its blocks keep: see the forward pass of each
/// architecture, and Korthikanti et al. 2022, section 4, for the principle.
/// </summary>
/// <param name="config">Its shape.</param>
internal sealed class ModelMemory(ModelConfig config)
{
    private readonly IReadOnlyList<BlockProjection> _projections = ArchitectureRegistry.Projections(config);

    /// <summary>Elements of the cache of keys and values, a token.</summary>
    public double CachePerToken => 2.0 * config.Layers * config.KeyValueHeads * config.HeadSize;

    /// <summary>
    /// Whether the kernels for the CPU compute a block as one operator (<see cref="LlamaBlockPass"/>), in memory that each thread keeps
    /// (<see cref="Workspace"/>): a gated feed-forward layer, heads that are not normalised.
    /// </summary>
    public bool HasBlockOperator => _projections[2].Modules.Count == 2 && !config.QueryKeyNorm;

    /// <summary>
    /// Elements of the copies that the kernels for the CPU make of small weights, one for each way through a layer
    /// (<see cref="PackedWeight"/>).
    /// </summary>
    /// <param name="withHead">Whether log-probabilities are read from its head.</param>
    public double PackedElements(bool withHead)
    {
        double[] blocks = HasBlockOperator ? [.. _projections.Select(projection => projection.Elements)] : [];
        double Packed(double elements) => elements <= PackedWeight.MostElements ? 2 * elements : 0;
        return (config.Layers * blocks.Sum(Packed)) + (withHead ? Packed((double)config.VocabularySize * config.HiddenSize) : 0);
    }

    /// <summary>
    /// Elements that a thread keeps a token of a pass without a gradient, where a block is one operator: what one block computes.
    /// </summary>
    public double WorkspacePerToken => BlockOperatorPerToken + SharedWorkspacePerToken;

    /// <summary>The part of <see cref="WorkspacePerToken"/> that a pass with a gradient computes in too.</summary>
    public double SharedWorkspacePerToken => config.HiddenSize + Inputs(1) + Inputs(3);

    /// <summary>
    /// Elements that a thread keeps besides, a token of a pass with a gradient: the gradients of what one block computes.
    /// </summary>
    public double GradientWorkspacePerToken => (3.0 * config.HiddenSize) + Outputs(0) + Inputs(1) + Outputs(2) + Inputs(3);

    /// <summary>
    /// Elements kept a token for the backward pass of adapters. As one operator, a block keeps its input, what both halves read,
    /// queries, keys and values, gate and up, and attention's result where an adapter reads it. Else it is the inputs of both norms,
    /// query, key and value, what attention gives, what the activation reads, and the input of each layer that carries an adapter.
    /// </summary>
    /// <param name="lora">The adapters.</param>
    /// <param name="oneOperator">Whether a block is computed as one operator.</param>
    public double KeptPerToken(LoraOptions lora, bool oneOperator)
    {
        bool Adapted(BlockProjection projection) => projection.Adapted(lora.TargetModules).Any();
        if (oneOperator)
        {
            var ranks = lora.Rank * _projections.Sum(projection => projection.Adapted(lora.TargetModules).Count());
            return config.Layers * (config.HiddenSize + BlockOperatorPerToken + (Adapted(_projections[1]) ? Inputs(1) : 0) + ranks);
        }
        // A gated SiLU is one kernel and so is gelu; its tanh form is six operators, and most keep their input.
        var activation = Outputs(2) * (config.Activation is "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" ? 6.0 : 1);
        var adapted = _projections.Where(Adapted).Sum(projection => projection.Inputs);
        return config.Layers * ((2.0 * config.HiddenSize) + Outputs(0) + Inputs(1) + activation + adapted);
    }

    /// <summary>
    /// Elements that a pass without a gradient holds a token, where no thread keeps them: all states of one block, which are let go of at
    /// its end. Query, key and value count twice, before and after they are rotated.
    /// </summary>
    public double PassingPerToken => (7.0 * config.HiddenSize) + (2 * Outputs(0)) + Inputs(1) + Outputs(2) + Inputs(3);

    /// <summary>The same where a block is one operator: its input and its result.</summary>
    public double StreamPerToken => 2.0 * config.HiddenSize;

    // LlamaBlockPass.Kept: what both halves read, scales of both norms, queries, keys, values, the sums of each head, gate and up.
    private double BlockOperatorPerToken => (2.0 * config.HiddenSize) + 2 + Outputs(0) + config.Heads + Outputs(2);

    /// <summary>Elements of the adapters' matrices.</summary>
    public double AdapterElements(LoraOptions lora) => config.Layers * (double)lora.Rank * _projections.Sum(
        projection => projection.Adapted(lora.TargetModules).Sum(module => projection.Inputs + (double)module.Outputs));

    /// <summary>Elements of the layers that are copied where adapters are folded in for generation.</summary>
    public double FoldedElements(LoraOptions lora) => config.Layers * _projections
        .Where(projection => projection.Adapted(lora.TargetModules).Any()).Sum(projection => projection.Elements);

    private double Inputs(int projection) => _projections[projection].Inputs;

    private double Outputs(int projection) => _projections[projection].Modules.Sum(module => (double)module.Outputs);
}
