using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Adapters;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Tokenizers;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Training;

/// <summary>A random Llama of a few thousand weights, words for tokens, and a reward on length: PPO in milliseconds.</summary>
internal sealed class TinyWorld : IDisposable
{
    public const int Vocabulary = 40;

    public static readonly PpoOptions Options = new()
    {
        BatchSize = 4,
        MiniBatchSize = 2,
        GradientAccumulation = 2,
        Epochs = 2,
        LearningRate = 1e-3,
        MaxResponseTokens = 8,
    };

    public TinyWorld(PpoOptions? options = null, int seed = 1, int? ways = null)
    {
        var config = new ModelConfig
        {
            VocabularySize = Vocabulary,
            HiddenSize = 16,
            IntermediateSize = 32,
            Layers = 2,
            Heads = 2,
            KeyValueHeads = 1,
            HeadSize = 8,
            MaxPositions = 64,
            EosIds = [2],
            BosId = 1,
            PadId = 0,
            InitializerRange = 0.3,
        };
        Model = CausalLm.Create(config, seed: 7);
        Model.AddLora(new LoraOptions { Rank = 4 }, (ulong)seed);
        if ((options ?? Options).AdvantageEstimator.Estimator.UsesValues) Model.AddValueHead((ulong)seed);
        var prompts = Enumerable.Range(0, 10)
            .Select(i => new EncodedPrompt(new PromptItem(i, $"query {i}", null, null), [1, .. Enumerable.Range(3 + i, 1 + i % 4)]))
            .ToArray();
        var scorer = new RewardScorer(RewardDesign.Parse("LI"), null, PromptTemplate.Named("plain"), 8);
        Trainer = new PpoTrainer(Model, new WordTokenizer(), scorer, prompts, options ?? Options, seed, ways);
    }

    public CausalLm Model { get; }

    public PpoTrainer Trainer { get; }

    /// <summary>All trainable weights, one after another.</summary>
    public float[] Weights() => [.. Model.TrainableParameters().SelectMany(p => p.Tensor.data<float>().ToArray())];

    /// <summary>A batch by hand: prompts and responses of different lengths.</summary>
    public static RolloutBatch SomeRollouts() => new(
        [[1, 4], [1, 5, 6], [1, 7, 8, 9], [1, 3]], [[10, 11, 2], [12], [13, 14, 15, 16, 17], [18, 2]], [true, false, false, true]);

    public PolicyTrace Trace(RolloutBatch rollouts) => new ActorCritic(Model, Options.TokenBudget, degreeOfParallelism: 1).Trace(rollouts);

    public void Dispose()
    {
        Trainer.Dispose();
        Model.Dispose();
    }

    /// <summary>Token 7 is the word `w7`.</summary>
    private sealed class WordTokenizer : ITokenizer
    {
        public int VocabularySize => Vocabulary;

        public int? BosId => 1;

        public int? EosId => 2;

        public int? PadId => 0;

        public int[] Encode(string text, bool addSpecialTokens = true) =>
            [.. text.Split(' ').Select(word => int.Parse(word[1..]))];

        public EncodedPair EncodePair(string text, string pair, bool addSpecialTokens = true) => throw new NotSupportedException();

        public string[] Tokenize(string text) => text.Split(' ');

        public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true) =>
            string.Join(' ', ids.ToArray().Where(id => id > 2 || !skipSpecialTokens).Select(id => $"w{id}"));

        public int? TokenToId(string token) => int.Parse(token[1..]);

        public string? IdToToken(int id) => $"w{id}";
    }
}
