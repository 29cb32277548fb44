namespace Rer.Engine.Models.Generation;

/// <summary>One response as it grows.</summary>
/// <param name="prompt">Token ids before it.</param>
/// <param name="seed">Seed of its random stream.</param>
/// <param name="maxTokens">Tokens at most.</param>
internal sealed class ResponseWriter(int[] prompt, ulong seed, int maxTokens)
{
    private readonly List<(float LogProb, float Entropy, float Value)> _said = [];

    public int[] Prompt { get; } = prompt;

    public int MaxTokens { get; } = maxTokens;

    public List<int> Tokens { get; } = [];

    public bool EndedWithEos { get; private set; }

    public bool Finished => EndedWithEos || Tokens.Count >= MaxTokens;

    /// <summary>The number that chooses the next token.</summary>
    public float NextUniform() => UniformStream.At(seed, Tokens.Count);

    /// <summary>What the model said of each token, where that was recorded.</summary>
    public TokenTrace Trace => new(
        [.. _said.Select(said => said.LogProb)], [.. _said.Select(said => said.Entropy)], [.. _said.Select(said => said.Value)]);

    /// <summary>Records what the model says of the token that comes next.</summary>
    public void Record(float logProb, float entropy, float value) => _said.Add((logProb, entropy, value));

    public void Append(int token, HashSet<int> eos)
    {
        Tokens.Add(token);
        EndedWithEos = eos.Contains(token);
    }
}
