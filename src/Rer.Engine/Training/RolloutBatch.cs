namespace Rer.Engine.Training;

/// <summary>
/// A batch of sampled responses. Per-token quantities of a batch are *flat*: response tokens of all sequences one after another,
/// `[tokens]`, with no padding and so no mask; <see cref="Span"/> says where a sequence's tokens lie.
/// </summary>
public sealed class RolloutBatch
{
    private readonly int[] _offsets;

    /// <summary>Token ids by sequence.</summary>
    /// <param name="prompts">Prompt ids.</param>
    /// <param name="responses">Response ids, EOS included where the policy produced it; at least one each.</param>
    /// <param name="endedWithEos">Whether the policy ended the response itself.</param>
    /// <exception cref="InvalidOperationException">A response has no token.</exception>
    public RolloutBatch(IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, IReadOnlyList<bool> endedWithEos)
    {
        (Prompts, Responses, EndedWithEos) = (prompts, responses, endedWithEos);
        _offsets = new int[prompts.Count + 1];
        for (var i = 0; i < prompts.Count; i++)
        {
            if (responses[i].Length == 0)
            {
                throw new InvalidOperationException(
                    $"Response {i} of the batch has no token: PPO needs at least one. Its prompt has {prompts[i].Length} tokens.");
            }

            _offsets[i + 1] = _offsets[i] + responses[i].Length;
        }
    }

    /// <summary>Prompt ids by sequence.</summary>
    public IReadOnlyList<int[]> Prompts { get; }

    /// <summary>Response ids by sequence.</summary>
    public IReadOnlyList<int[]> Responses { get; }

    /// <summary>Whether each response ended with EOS.</summary>
    public IReadOnlyList<bool> EndedWithEos { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => Prompts.Count;

    /// <summary>Response tokens of all sequences.</summary>
    public int Tokens => _offsets[^1];

    /// <summary>Tokens of prompt and response <paramref name="i"/>.</summary>
    public int Length(int i) => Prompts[i].Length + Responses[i].Length;

    /// <summary>
    /// What a pass over sequence <paramref name="i"/> costs, roughly: the last block and the head compute response tokens alone.
    /// </summary>
    public long Work(int i) => (2 * Prompts[i].Length) + (3 * Responses[i].Length);

    /// <summary>Where the response tokens of sequence <paramref name="i"/> lie in a flat array.</summary>
    public Range Span(int i) => _offsets[i].._offsets[i + 1];

    /// <summary>Flat indices of the response tokens of <paramref name="sequences"/>, in their order.</summary>
    public int[] FlatIndices(IReadOnlyList<int> sequences) =>
        [.. sequences.SelectMany(i => Enumerable.Range(_offsets[i], Responses[i].Length))];
}
