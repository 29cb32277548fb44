namespace Rer.Engine.Models.Generation;

/// <summary>Responses, in the order of their prompts.</summary>
/// <param name="Sequences">Token ids of each response, the prompt left out, EOS included where produced; at least one token.</param>
/// <param name="EndedWithEos">Whether each response ended by itself rather than at the length.</param>
/// <param name="Traces">What the model said of each response's tokens, where asked for.</param>
public sealed record GenerationResult(IReadOnlyList<int[]> Sequences, IReadOnlyList<bool> EndedWithEos, IReadOnlyList<TokenTrace>? Traces)
{
    /// <summary>Tokens in all responses.</summary>
    public int TokenCount => Sequences.Sum(sequence => sequence.Length);
}
