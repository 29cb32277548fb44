using Rer.Engine.Models.Attention;
using Rer.Engine.Models.Weights;
using static TorchSharp.torch;

namespace Rer.Engine.Models.Architectures;

/// <summary>A decoder-only transformer up to its last hidden state, with or without an output head.</summary>
public interface ICausalBackbone : IDisposable
{
    /// <summary>Its shape.</summary>
    ModelConfig Config { get; }

    /// <summary>Its weights. A caller may add a head of its own before loading.</summary>
    WeightStore Weights { get; }

    /// <summary>Output head, [vocabulary, hidden]: the embedding itself where they are tied; null where it was built without one.</summary>
    Tensor? Head { get; }

    /// <summary>Tensors of a checkpoint that this model does without: stored masks and frequencies, a tied head.</summary>
    bool IsIgnorable(string name);

    /// <summary>The forward pass.</summary>
    /// <param name="ids">[batch, tokens], int64; any valid id on padding.</param>
    /// <param name="attention">Positions, masks and cache.</param>
    /// <param name="positions">
    /// Where along the tokens hidden states are wanted, [positions], int64; null is everywhere. All tokens are attended to, but behind
    /// its attention the last block computes these alone.
    /// </param>
    /// <returns>Hidden states after the final norm, [batch, tokens or positions, hidden].</returns>
    Tensor Forward(Tensor ids, SelfAttention attention, Tensor? positions = null);
}
