using System.CommandLine;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Gold;
using Rer.Engine.Models;
using Rer.Engine.Tokenizers;

namespace Rer.Cli.Commands;

/// <summary>`rer train-gold`: fits a gold reward model to preference pairs.</summary>
internal sealed class TrainGoldCommand : Command
{
    private static readonly BradleyTerryOptions _defaults = new();

    private readonly CommandConsole _console;
    private readonly Option<string> _base = new("--base")
    {
        Description = "Folder of the language model to start from; its head is replaced by a score.",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<string> _pairs = new("--pairs")
    {
        Description = "Preference pairs: prompt, chosen, rejected, and subset where known; or dialogues in chosen and rejected, as HH-RLHF "
            + "has them.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string> _columns = new("--columns")
    {
        Description = "Fields of the pairs that have names of their own, such as prompt=question,chosen=best. Parts: prompt, chosen, "
            + "rejected, subset.",
        HelpName = "MAP",
    };
    private readonly Option<string> _out = new("--out") { Description = "Folder of the gold model.", HelpName = "DIR", Required = true };
    private readonly Option<double> _heldOut =
        new("--held-out") { Description = "Share of the prompts held out to measure accuracy on.", DefaultValueFactory = _ => 0.1 };

    private readonly Option<string> _template = new Option<string>("--template")
    {
        Description = "Prompt template that wraps query and response.",
        DefaultValueFactory = _ => "plain",
    }.AcceptOnlyFromAmong([.. PromptTemplate.All.Select(t => t.Name)]);

    private readonly Option<int> _steps = new Option<int>("--steps")
    {
        Description = "Updates.",
        DefaultValueFactory = _ => _defaults.Steps,
    }.Within(1, 100_000_000);
    private readonly Option<int> _tokens = new Option<int>("--tokens-per-batch")
    {
        Description = "Padded tokens an update sees.",
        DefaultValueFactory = _ => _defaults.TokensPerBatch,
    }.Within(1, 1_000_000);
    private readonly Option<double> _learningRate = new Option<double>("--learning-rate")
    {
        Description = "Peak learning rate of Adam.",
        DefaultValueFactory = _ => _defaults.LearningRate,
    }.Within(0, 1, lowOpen: true);
    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of the held-out split and of the order of the pairs.",
        DefaultValueFactory = _ => _defaults.Seed,
    };
    private readonly Option<string> _device =
        new("--device") { Description = "auto, cpu, cuda, cuda:N.", DefaultValueFactory = _ => "auto" };

    public TrainGoldCommand(CommandConsole console)
        : base("train-gold", "Fit a gold reward model to preference pairs with the Bradley-Terry loss, and report its held-out accuracy.")
    {
        _console = console;
        foreach (var option in new Option[] { _base, _pairs, _columns, _out, _heldOut, _template, _steps, _tokens, _learningRate, _seed,
            _device }) Options.Add(option);
        SetAction(Train);
    }

    private int Train(ParseResult parsed)
    {
        var (start, folder, seed) = (parsed.GetRequiredValue(_base), parsed.GetRequiredValue(_out), parsed.GetRequiredValue(_seed));
        var (training,
            heldOut) = PreferenceSet.Load(parsed.GetRequiredValue(_pairs),
                parsed.GetValue(_columns) is { } text ? PreferenceColumns.Parse(text) : null)
                .Split(parsed.GetRequiredValue(_heldOut), seed);
        if (heldOut.Count == 0 || training.Count == 0)
            throw new InvalidDataException($"{training.Path}: too few prompts to hold {parsed.GetRequiredValue(_heldOut)} of them out.");
        var tokenizer = TokenizerLoader.Load(start);
        var end = tokenizer.EosId is { } eos ? tokenizer.IdToToken(eos) ?? "" : "";
        var template = GoldTemplate.From(PromptTemplate.Named(parsed.GetRequiredValue(_template)), end);
        using var model = RewardModel.FromPolicy(start, ComputeDevice.Resolve(parsed.GetRequiredValue(_device)));
        model.Config.CheckVocabulary(tokenizer.VocabularySize, start);
        var trainer = new BradleyTerryTrainer(model, tokenizer, template, new BradleyTerryOptions
        {
            Steps = parsed.GetRequiredValue(_steps),
            TokensPerBatch = parsed.GetRequiredValue(_tokens),
            LearningRate = parsed.GetRequiredValue(_learningRate),
            MaxTokens = Math.Min(_defaults.MaxTokens, model.Config.MaxPositions),
            Seed = seed,
        });

        _console.Error.WriteLine($"{training.Count} pairs to train on, {heldOut.Count} held out");
        foreach (var (name, set) in new[] { ("to train on", training), ("held out", heldOut) })
            if (trainer.CutIn(set.Pairs) is > 0 and var cut)
                _console.Error.WriteLine(
                    $"{cut} of {set.Count} pairs {name} have a text longer than {trainer.MaxTokens} tokens with its template:"
                    + " its beginning is left out.");
        trainer.Train(BradleyTerryTrainer.Repeat(training.Pairs, seed), Report);
        WriteModel(model, template, start, folder);
        WriteAccuracy(trainer.Accuracy(heldOut.Pairs), heldOut);
        return ExitCode.Ok;
    }

    private void Report(TrainingProgress progress) => _console.Error.WriteLine(
        $"step {progress.Step}/{progress.Steps}  loss {Figures.Fixed(progress.Loss, 4)}  {Figures.Duration(progress.Remaining)} left");

    private static void WriteModel(RewardModel model, GoldTemplate template, string start, string folder)
    {
        model.Save(folder, model.Parameters[0].Tensor.dtype);
        template.Write(folder);
        TokenizerFiles.Copy(start, folder);
    }

    private void WriteAccuracy(IReadOnlyDictionary<string, double> accuracy, PreferenceSet heldOut)
    {
        var table = new TextTable("held out", "pairs", "accuracy") { WordColumns = 1 };
        foreach (var (subset, share) in accuracy.Where(a => a.Key.Length > 0))
            table.Add(subset, $"{heldOut.Pairs.Count(p => p.Subset == subset)}", Figures.Fixed(share));
        table.Add("all", $"{heldOut.Count}", Figures.Fixed(accuracy[""]));
        table.Write(_console.Out);
    }
}
