using Rer.Engine.Models.Architectures;

namespace Rer.Benchmarks;

/// <summary>
/// Floating-point operations that a Llama's matrix products take: a multiplication and an addition for every weight and token, and
/// attention's two products over the keys that a token sees.
/// </summary>
/// <param name="config">The model's shape.</param>
internal sealed class LlamaWork(ModelConfig config)
{
    private double LayerWeights =>
        (double)config.Layers * ((2.0 * config.HiddenSize * config.Heads * config.HeadSize)
            + (2.0 * config.HiddenSize * config.KeyValueHeads * config.HeadSize)
            + (3.0 * config.HiddenSize * config.IntermediateSize));

    private double HeadWeights => (double)config.HiddenSize * config.VocabularySize;

    /// <summary>One forward pass over sequences of one length, every token through the head, attention over the whole length.</summary>
    public double Forward(int sequences, int length) =>
        (double)sequences * length * ((2 * (LayerWeights + HeadWeights)) + (4.0 * config.Layers * config.Heads * config.HeadSize * length));

    /// <summary>
    /// Forward and backward where the weights themselves take no gradient (adapters do): the backward pass is a second set of products of
    /// the same size.
    /// </summary>
    public double Train(int sequences, int length) => 2 * Forward(sequences, length);

    /// <summary>
    /// Decoding with a cache: the response's tokens one at a time. The prompt's pass is left out, as the peer's factor leaves it out.
    /// </summary>
    public double Generate(int sequences, int query, int response) =>
        (double)sequences * response * ((2 * (LayerWeights + HeadWeights))
            + (4.0 * config.Layers * config.Heads * config.HeadSize * (query + (response / 2.0))));
}
