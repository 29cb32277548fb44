using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Tokenizers;
using Rer.Engine.Training;

namespace Rer.Benchmarks;

/// <summary>A model of random weights, prompts of random tokens and a reward on length: speed needs no sense.</summary>
internal sealed class RandomWorld : IDisposable
{
    private readonly CausalLm _model;

    /// <param name="shape">The model's; without ids that end a sequence every response has the full length.</param>
    /// <param name="queryTokens">Tokens of every prompt.</param>
    /// <param name="options">PPO's.</param>
    public RandomWorld(ModelConfig shape, int queryTokens, PpoOptions options)
    {
        _model = CausalLm.Create(shape, seed: 1);
        _model.AddLora(new LoraOptions(), seed: 2);
        _model.AddValueHead(seed: 3);
        var random = new Random(4);
        var prompts = Enumerable.Range(0, 4 * options.BatchSize).Select(i => new EncodedPrompt(
            new PromptItem(i, "query", null, null),
            [.. Enumerable.Range(0, queryTokens).Select(_ => random.Next(3, shape.VocabularySize))])).ToArray();
        var scorer = new RewardScorer(RewardDesign.Parse("LI*RP"), null, PromptTemplate.Named("plain"), options.MaxResponseTokens);
        Trainer = new PpoTrainer(_model, new NumberTokenizer(shape.VocabularySize), scorer, prompts, options, seed: 5);
    }

    public PpoTrainer Trainer { get; }

    public void Dispose()
    {
        Trainer.Dispose();
        _model.Dispose();
    }

    /// <summary>A token's text is its number.</summary>
    private sealed class NumberTokenizer(int size) : ITokenizer
    {
        public int VocabularySize => size;

        public int? BosId => 1;

        public int? EosId => null;

        public int? PadId => 0;

        public int[] Encode(string text, bool addSpecialTokens = true) => [.. text.Split(' ').Select(int.Parse)];

        public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true)
        {
            int[] first = Encode(text), second = Encode(pair);
            return new EncodedPair([.. first, .. second], [.. first.Select(_ => 0), .. second.Select(_ => 1)],
                new int[first.Length + second.Length]);
        }

        public string[] Tokenize(string text) => text.Split(' ');

        public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) => string.Join(' ', ids.ToArray());

        public int? TokenToId(string token) => int.TryParse(token, out var id) && id < size ? id : null;

        public string? IdToToken(int id) => id < size ? id.ToString() : null;
    }
}
