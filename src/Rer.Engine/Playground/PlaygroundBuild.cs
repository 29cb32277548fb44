using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Playground.Language;
using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.Training;
using static TorchSharp.torch;

namespace Rer.Engine.Playground;

/// <summary>
/// Builds everything that the playground ships, from seeds: data sets, tokenizer, supervised policy, gold reward model, and a card for
/// each. Every part reads those before it from the folder, so that one can be built again alone.
/// </summary>
public sealed class PlaygroundBuild
{
    /// <summary>Sub-folder of the policy.</summary>
    public const string PolicyFolder = "policy";

    /// <summary>Sub-folder of the gold reward model.</summary>
    public const string GoldFolder = "gold";

    /// <summary>Share of open-ended queries in what the policy learns from.</summary>
    private const double OpenShare = 0.6;

    /// <summary>Answers that the held-out loss is measured on.</summary>
    internal const int HeldOutAnswers = 1000;

    private const int QueriesSampledTogether = 240;

    /// <summary>Texts that the tokenizer is trained on.</summary>
    private const int CorpusTexts = 20_000;

    private static readonly string[] TokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>Padding, beginning and end of a sequence.</summary>
    private static readonly string[] SpecialTokens = ["<pad>", "<s>", "</s>"];

    private readonly string _folder;
    private readonly PlaygroundBuildOptions _options;
    private readonly Action<string> _log;
    private readonly World _world;
    private readonly QueryBook _book;
    private readonly AnswerMix _answers;
    private readonly Rubric _rubric;
    private readonly PreferenceSource _preferences;

    /// <summary>A build.</summary>
    /// <param name="folder">Where to; created where it is not there.</param>
    /// <param name="options">How.</param>
    /// <param name="log">Told what is being done, a line at a time.</param>
    public PlaygroundBuild(string folder, PlaygroundBuildOptions options, Action<string> log)
    {
        (_folder, _options, _log) = (folder, options, log);
        _world = new World(options.Seed);
        _book = new QueryBook(_world);
        _answers = new AnswerMix(_world);
        _rubric = new Rubric(new Grammar(_world));
        _preferences = new PreferenceSource(_book, _answers, _rubric);
    }

    /// <summary>Builds all parts in order.</summary>
    public void Run(CancellationToken cancellation = default)
    {
        WriteData();
        TrainTokenizer();
        TrainPolicy(cancellation);
        TrainGold(cancellation);
    }

    /// <summary>Writes the data sets.</summary>
    public void WriteData()
    {
        PlaygroundData.Write(_folder, _book, _preferences, _options.Seed);
        WriteCard(_folder, DataCard.Render(_world, _book, _options.Seed));
    }

    /// <summary>Trains the tokenizer on answers of the supervised mix.</summary>
    public void TrainTokenizer()
    {
        ByteLevelBpeTrainer.Train(Corpus(), _options.Vocabulary, SpecialTokens)
            .Save(Path.Combine(_folder, PolicyFolder), SpecialTokens[1], SpecialTokens[2], SpecialTokens[0]);
        _log($"tokenizer: {_options.Vocabulary} tokens");
    }

    /// <summary>Trains the policy on answers of mixed quality, and writes its card.</summary>
    public void TrainPolicy(CancellationToken cancellation = default)
    {
        set_num_threads(_options.Threads);
        var folder = Path.Combine(_folder, PolicyFolder);
        var tokenizer = TokenizerLoader.Load(folder);
        using var model = CausalLm.Create(Shape(tokenizer), (ulong)_options.Seed, CPU);
        var trainer = Supervise(model, tokenizer, _options.Policy, "policy", _answers.Supervised, cancellation);
        var loss = trainer.Loss(
            [.. Enumerable.Range(0, HeldOutAnswers)
                .Select(i => Example(tokenizer, "playground/held-out answers", i, _answers.Supervised))]);
        model.SaveFolder(folder, ScalarType.Float16);
        var samples = PolicySample.Draw(model, tokenizer, _rubric, EvaluationQueries(), _options.Seed);
        var parameters = model.Backbone.Weights.Parameters.Sum(parameter => parameter.Tensor.numel());
        WriteCard(folder, ArtifactCard.Policy(_options, parameters, loss, samples));
    }

    /// <summary>Trains the gold reward model, a backbone of its own first, on preference pairs, and writes its card.</summary>
    public void TrainGold(CancellationToken cancellation = default)
    {
        set_num_threads(_options.Threads);
        var (policy, folder) = (Path.Combine(_folder, PolicyFolder), Path.Combine(_folder, GoldFolder));
        var tokenizer = TokenizerLoader.Load(policy);
        // Nothing follows the response: so the reward of each of its beginnings is read in the same pass.
        var template = GoldTemplate.From(PromptTemplate.Named(PlaygroundPlans.Template), endOfSequence: "");
        using var model = Backbone(tokenizer, cancellation);
        var trainer = new BradleyTerryTrainer(model, tokenizer, template, _options.Gold);
        trainer.Train(Rankings(PolicyAnswers(policy, tokenizer)), progress => Report("gold", progress), cancellation);
        model.Save(folder, ScalarType.Float16);
        template.Write(folder);
        foreach (var file in TokenizerFiles.Where(file => File.Exists(Path.Combine(policy, file))))
            File.Copy(Path.Combine(policy, file), Path.Combine(folder, file), overwrite: true);
        WriteCard(folder, JudgeGold(trainer, policy, folder, tokenizer));
    }

    private SupervisedTrainer Supervise(
        CausalLm model, ITokenizer tokenizer, SupervisedOptions options, string what, Func<PlaygroundQuery, SeededRandom, string> answer,
        CancellationToken cancellation)
    {
        var trainer = new SupervisedTrainer(model, options);
        trainer.Train(i => Example(tokenizer, "playground/answers", i, answer), progress => Report(what, progress), cancellation);
        return trainer;
    }

    /// <summary>
    /// A reward model with a head at zero, on a language model trained for it: on right answers alone, for a judge has to know what is so.
    /// </summary>
    private RewardModel Backbone(ITokenizer tokenizer, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("rer-gold-backbone").FullName;
        try
        {
            using var model = CausalLm.Create(Shape(tokenizer), (ulong)_options.Seed, CPU);
            Supervise(model, tokenizer, _options.GoldBackbone, "gold backbone", _answers.Supervised, cancellation);
            model.SaveFolder(folder, ScalarType.Float16);
            return RewardModel.FromPolicy(folder, CPU);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two answers of the policy to every query there is.</summary>
    private ILookup<string, string> PolicyAnswers(string folder, ITokenizer tokenizer)
    {
        using var policy = CausalLm.Load(folder, CPU);
        return _book.Everything.Values.SelectMany(queries => queries).Chunk(QueriesSampledTogether)
            .SelectMany(
                (queries, chunk) =>
                    PolicySample.Draw(policy, tokenizer, _rubric, queries, _options.Seed, $"playground/ranked samples {chunk}"))
            .ToLookup(sample => sample.Query.Text, sample => sample.Response);
    }

    /// <summary>Preference pairs without end, ranking after ranking.</summary>
    private Func<long, PreferencePair> Rankings(ILookup<string, string> policyAnswers)
    {
        var (ranking, waiting) = (0L, new Queue<PreferencePair>());
        return _ =>
        {
            while (waiting.Count == 0)
                waiting = new Queue<PreferencePair>(
                    _preferences.DrawRanking(SeededRandom.From(_options.Seed, "playground/rankings", ranking++), policyAnswers));
            return waiting.Dequeue();
        };
    }

    /// <summary>The gold model's held-out figures, as its card.</summary>
    private string JudgeGold(BradleyTerryTrainer trainer, string policyFolder, string goldFolder, ITokenizer tokenizer)
    {
        var pairs = PlaygroundData.HeldOut(_preferences, _options.Seed);
        var taskOf = _book.Everything.Values.SelectMany(queries => queries).GroupBy(query => query.Text)
            .ToDictionary(group => group.Key, group => group.First().Task);
        var byTask = trainer.Accuracy([.. pairs.Select(pair => pair with { Subset = taskOf[pair.Prompt].ToString().ToLowerInvariant() })]);
        using var policy = CausalLm.Load(policyFolder, CPU);
        using var gold = GoldRewardModels.Load(goldFolder, CPU);
        var samples = PolicySample.Draw(policy, tokenizer, _rubric, EvaluationQueries(), _options.Seed);
        var rewards = gold.Score([.. samples.Select(sample => new GoldItem(sample.Query.Text, sample.Response))]);
        return ArtifactCard.Gold(
            _options, trainer.Accuracy(pairs), byTask.Where(item => item.Key.Length > 0).ToDictionary(), samples, rewards);
    }

    private PlaygroundQuery[] EvaluationQueries() => PlaygroundData.Queries(PlaygroundData.Evaluation, _book, _options.Seed);

    private void WriteCard(string folder, string card)
    {
        File.WriteAllText(Path.Combine(folder, "README.md"), card);
        _log(card);
    }

    private IEnumerable<string> Corpus()
    {
        var template = PromptTemplate.Named(PlaygroundPlans.Template);
        for (var i = 0; i < CorpusTexts; i++)
        {
            var random = SeededRandom.From(_options.Seed, "playground/corpus", i);
            var query = QueryBook.Draw(_book.Everything, OpenShare, random);
            yield return template.Render(query.Text) + _answers.Supervised(query, random);
        }
    }

    /// <summary>An answer, cut like a rollout: what is too long has no end.</summary>
    private SupervisedExample Example(ITokenizer tokenizer, string purpose, long index, Func<PlaygroundQuery, SeededRandom, string> answer)
    {
        var random = SeededRandom.From(_options.Seed, purpose, index);
        var query = QueryBook.Draw(_book.Everything, OpenShare, random);
        var prompt = tokenizer.Encode(PromptTemplate.Named(PlaygroundPlans.Template).Render(query.Text));
        int[] tokens = [.. tokenizer.Encode(answer(query, random), addSpecialTokens: false), tokenizer.EosId!.Value];
        return new SupervisedExample([.. prompt, .. tokens.Take(PlaygroundPlans.MaxResponseTokens)], prompt.Length);
    }

    private ModelConfig Shape(ITokenizer tokenizer) => new()
    {
        VocabularySize = tokenizer.VocabularySize,
        HiddenSize = _options.HiddenSize,
        IntermediateSize = _options.HiddenSize * 11 / 4,
        Layers = _options.Layers,
        Heads = 4,
        KeyValueHeads = 4,
        HeadSize = _options.HiddenSize / 4,
        MaxPositions = 256,
        TieWordEmbeddings = true,
        // Wider than a large model's .02: so narrow a model would sit on the first plateau for long.
        InitializerRange = 0.05,
        BosId = tokenizer.BosId,
        EosIds = [tokenizer.EosId!.Value],
        PadId = tokenizer.PadId,
    };

    private void Report(string what, TrainingProgress progress) => _log(
        $"{what}: {progress.Step} of {progress.Steps}, loss {progress.Loss:f4}, {progress.Elapsed.TotalSeconds:f0} s, "
            + $"{progress.Remaining.TotalSeconds:f0} s left");
}
