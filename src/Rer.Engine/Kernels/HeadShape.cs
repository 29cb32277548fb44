namespace Rer.Engine.Kernels;

/// <summary>How attention divides a stacked projection of queries, keys and values.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key heads, and value heads; each serves as many query heads as the others.</param>
/// <param name="Size">Width of a head.</param>
/// <param name="Scale">Factor of the products of queries and keys; 1 / sqrt(head size) but for some GPT-2 configurations.</param>
/// <param name="Window">A token sees this many tokens, itself included; null sees all before it.</param>
internal readonly record struct HeadShape(int Heads, int KeyValueHeads, int Size, double Scale, int? Window)
{
    /// <summary>Query heads that share a key head.</summary>
    public int Group => Heads / KeyValueHeads;

    /// <summary>Width of the stacked projection.</summary>
    public long Stacked => (Heads + (2L * KeyValueHeads)) * Size;
}
