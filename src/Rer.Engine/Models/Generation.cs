namespace Rer.Engine.Models;

/// <summary>Responses, in the order of their prompts.</summary>
/// <param name="Sequences">Token ids of each response, the prompt left out, EOS included where produced; at least one token.</param>
/// <param name="EndedWithEos">Whether each response ended by itself rather than at the length.</param>
/// <param name="LogProbs">Log-probability of each token under the untempered policy, where asked for.</param>
/// <param name="Values">Value of the state each token was drawn in, where asked for.</param>
public sealed record Generation(
    IReadOnlyList<int[]> Sequences, IReadOnlyList<bool> EndedWithEos, IReadOnlyList<float[]>? LogProbs, IReadOnlyList<float[]>? Values)
{
    /// <summary>Tokens in all responses.</summary>
    public int TokenCount => Sequences.Sum(sequence => sequence.Length);
}
