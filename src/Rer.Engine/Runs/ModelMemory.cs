using Rer.Engine.Models;

namespace Rer.Engine.Runs;

/// <summary>
/// Elements that a decoder-only model holds besides its weights, counted from what its blocks keep: see the forward pass of each
/// architecture, and Korthikanti et al. 2022, section 4, for the principle.
/// </summary>
/// <param name="config">Its shape.</param>
internal sealed class ModelMemory(ModelConfig config)
{
    private readonly IReadOnlyList<BlockProjection> _projections = Architectures.Projections(config);

    /// <summary>Elements of the cache of keys and values, a token.</summary>
    public double CachePerToken => 2.0 * config.Layers * config.KeyValueHeads * config.HeadSize;

    /// <summary>
    /// Elements kept a token for the backward pass of adapters: the inputs of both norms, query, key and value, what attention gives,
    /// what the activation reads, and the input of each layer that carries an adapter.
    /// </summary>
    public double KeptPerToken(LoraOptions lora)
    {
        var attention = _projections[0].Modules.Sum(module => module.Outputs) + _projections[1].Inputs;
        // A gated SiLU is one kernel and so is gelu; its tanh form is six operators, and most keep their input.
        var activation = _projections[2].Modules.Sum(module => module.Outputs) * (config.Activation is "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" ? 6.0 : 1);
        var adapted = _projections.Where(projection => projection.Adapted(lora.TargetModules).Any()).Sum(projection => projection.Inputs);
        return config.Layers * (2.0 * config.HiddenSize + attention + activation + adapted);
    }

    /// <summary>
    /// Elements that a pass without a gradient holds a token: all states of one block, which are let go of at its end. Query, key and
    /// value count twice, before and after they are rotated.
    /// </summary>
    public double PassingPerToken
    {
        get
        {
            double Outputs(int projection) => _projections[projection].Modules.Sum(module => module.Outputs);
            return 7.0 * config.HiddenSize + 2 * Outputs(0) + _projections[1].Inputs + Outputs(2) + config.IntermediateSize;
        }
    }

    /// <summary>Elements of the adapters' matrices.</summary>
    public double AdapterElements(LoraOptions lora) =>
        config.Layers * (double)lora.Rank * _projections.Sum(projection => projection.Adapted(lora.TargetModules).Sum(module => projection.Inputs + (double)module.Outputs));

    /// <summary>Elements of the layers that are copied where adapters are folded in for generation.</summary>
    public double FoldedElements(LoraOptions lora) =>
        config.Layers * _projections.Where(projection => projection.Adapted(lora.TargetModules).Any()).Sum(projection => projection.Elements);
}
