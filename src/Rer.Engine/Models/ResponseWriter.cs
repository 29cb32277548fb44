namespace Rer.Engine.Models;

/// <summary>One response as it grows.</summary>
/// <param name="prompt">Token ids before it.</param>
/// <param name="seed">Seed of its random stream.</param>
/// <param name="maxTokens">Tokens at most.</param>
internal sealed class ResponseWriter(int[] prompt, ulong seed, int maxTokens)
{
    public int[] Prompt { get; } = prompt;

    public int MaxTokens { get; } = maxTokens;

    public List<int> Tokens { get; } = [];

    public List<float> LogProbs { get; } = [];

    public List<float> Values { get; } = [];

    public bool EndedWithEos { get; private set; }

    public bool Finished => EndedWithEos || Tokens.Count >= MaxTokens;

    /// <summary>The number that chooses the next token.</summary>
    public float NextUniform() => UniformStream.At(seed, Tokens.Count);

    public void Append(int token, HashSet<int> eos)
    {
        Tokens.Add(token);
        EndedWithEos = eos.Contains(token);
    }
}
