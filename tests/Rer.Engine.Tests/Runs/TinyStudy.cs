using System.Text.Json;
using Rer.Engine.Evaluation;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tests.Models;
using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Runs;

/// <summary>Policy, gold model and prompt sets in a folder of their own: random weights, bytes for tokens. A run takes a second.</summary>
internal sealed class TinyStudy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyStudy()
    {
        var policy = CausalLm.Create(new ModelConfig
        {
            VocabularySize = 259,
            HiddenSize = 16,
            IntermediateSize = 32,
            Layers = 2,
            Heads = 2,
            KeyValueHeads = 1,
            HeadSize = 8,
            MaxPositions = 64,
            BosId = 257,
            EosIds = [258],
            PadId = 256,
            InitializerRange = 0.2,
        },
            seed: 5);
        using (policy) policy.SaveFolder(Policy);
        WriteTokenizer(Policy);
        using (var gold = RewardModel.FromPolicy(Policy, CPU)) gold.Save(Gold, ScalarType.Float32);
        WriteTokenizer(Gold);
        WriteData();
    }

    public string Policy => _folder.File("policy");

    public string Gold => _folder.File("gold");

    public string Data => _folder.File("data.json");

    public string Folder(string name) => _folder.File(name);

    public RunPlan Plan(string design = "RER") => new()
    {
        Design = RewardDesign.Parse(design),
        Policy = Policy,
        Data = Data,
        Gold = Gold,
        Template = "plain",
        Device = "cpu",
        Ppo = new PpoOptions
        {
            Steps = 24,
            BatchSize = 4,
            MiniBatchSize = 2,
            GradientAccumulation = 2,
            MaxResponseTokens = 8,
            LearningRate = 1e-3,
        },
        Evaluation = new EvaluationOptions { Every = 4, Responses = 2, Queries = 6 },
    };

    public void Dispose() => _folder.Dispose();

    private void WriteData()
    {
        string[] types = ["OPENENDED", "CONSTRAINED"];
        var rows = Enumerable.Range(0, 12).Select(i => new
        {
            input = $"say {(char)('a' + i)} again",
            output = $"{(char)('a' + i)} again",
            qtype = types[i % 2],
        });
        File.WriteAllText(Data, JsonSerializer.Serialize(rows));
    }

    /// <summary>Byte-level BPE without a merge: a token a byte, in GPT-2's alphabet.</summary>
    private static void WriteTokenizer(string folder)
    {
        var printable = Enumerable.Range('!', 94).Concat(Enumerable.Range(0xA1, 12)).Concat(Enumerable.Range(0xAE, 82)).ToHashSet();
        var stand = 256;
        var alphabet = Enumerable.Range(0, 256).Select(b => (char)(printable.Contains(b) ? b : stand++)).ToArray();
        var special = new[] { "<pad>", "<s>", "</s>" };
        var tokenizer = new
        {
            version = "1.0",
            added_tokens = special.Select((content, i) => new
            {
                id = 256 + i,
                content,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
            model = new
            {
                type = "BPE",
                vocab = alphabet.Select((c, id) => (c, id)).ToDictionary(p => p.c.ToString(), p => p.id),
                merges = Array.Empty<string>(),
            },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(tokenizer));
        File.WriteAllText(
            Path.Combine(folder, "tokenizer_config.json"),
            """{"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}""");
    }
}
