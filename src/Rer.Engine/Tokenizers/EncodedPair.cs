namespace Rer.Engine.Tokenizers;

/// <summary>Two texts encoded as one sequence. All arrays are <c>[tokens]</c>.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="TypeIds">Segment ids: as a rule 0 for the first text and 1 for the second.</param>
/// <param name="SpecialTokensMask">1 where the post-processor put a special token, 0 where the token comes from the texts.</param>
public sealed record EncodedPair(int[] Ids, int[] TypeIds, int[] SpecialTokensMask);
