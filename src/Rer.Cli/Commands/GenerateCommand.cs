using System.CommandLine;
using System.Text.Json.Nodes;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Models;
using Rer.Engine.Models.Generation;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Tokenizers;

namespace Rer.Cli.Commands;

/// <summary>`rer generate`: responses of a policy, with or without an adapter.</summary>
internal sealed class GenerateCommand : Command
{
    private static readonly SamplingOptions _defaults = new();

    private readonly CommandConsole _console;
    private readonly ColumnsOption _columns = new();
    private readonly Option<string> _model = new("--model") { Description = "Folder of the policy.", HelpName = "DIR", Required = true };
    private readonly Option<string> _adapter =
        new("--adapter") { Description = "Folder of an adapter, such as a run's checkpoint.", HelpName = "DIR" };

    private readonly Option<string> _in = new("--in")
    {
        Description = "Rows in JSON or JSON Lines with query, instruction or input; they are written again with `response` added, ready "
            + "for `rer score`. '-' is standard input.",
        HelpName = "FILE",
    };

    private readonly Option<string> _out = new("--out") { Description = "File to write; standard output by default.", HelpName = "FILE" };
    private readonly Argument<string[]> _queries =
        new("QUERY") { Description = "Queries; without any, and without --in, the lines of standard input." };

    private readonly Option<string> _template = new("--template")
    {
        Description = $"Prompt template that wraps each query: {PromptTemplate.Forms}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "plain",
    };

    private readonly Option<int> _tokens = new Option<int>("--max-response-tokens")
    {
        Description = "Maximum tokens per response.",
        DefaultValueFactory = _ => _defaults.MaxNewTokens,
    }.Within(1, 1_048_576);
    private readonly Option<double> _temperature = new Option<double>("--temperature")
    {
        Description = "Sampling temperature.",
        DefaultValueFactory = _ => _defaults.Temperature,
    }.Within(0, 1000, lowOpen: true);
    private readonly Option<double> _topP = new Option<double>("--top-p")
    {
        Description = "Nucleus mass; 1 is off.",
        DefaultValueFactory = _ => _defaults.TopP,
    }.Within(0, 1, lowOpen: true);
    private readonly Option<int> _topK = new Option<int>("--top-k")
    {
        Description = "Only this many of the most likely tokens; 0 is off.",
        DefaultValueFactory = _ => _defaults.TopK,
    }.Within(0, 10_000_000);
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Take the most likely token always." };
    private readonly Option<int> _samples = new Option<int>("--samples")
    {
        Description = "Responses for each query.",
        DefaultValueFactory = _ => 1,
    }.Within(1, 1024);
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the sampling.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _device =
        new("--device") { Description = "auto, cpu, cuda, cuda:N.", DefaultValueFactory = _ => "auto" };

    private readonly Option<string> _dtype = new Option<string>("--dtype")
    {
        Description = "Type of the weights in memory; auto is float32 on the CPU and the checkpoint's own on CUDA.",
        DefaultValueFactory = _ => "auto",
    }.AcceptOnlyFromAmong("auto", "float32", "bfloat16");

    public GenerateCommand(CommandConsole console) : base("generate", "Sample a policy's responses.")
    {
        _console = console;
        Arguments.Add(_queries);
        foreach (var option in new Option[]
        {
            _model, _adapter, _in, _out, _template, _tokens, _temperature, _topP, _topK, _greedy, _samples, _seed, _device, _dtype,
        })
            Options.Add(option);
        Options.Add(_columns);
        SetAction(Generate);
    }

    private int Generate(ParseResult parsed)
    {
        var rows = Rows(parsed);
        var items = rows.Select(row => row.Item).ToArray();

        var folder = parsed.GetRequiredValue(_model);
        var tokenizer = TokenizerLoader.Load(folder);
        var template = PromptTemplate.Of(parsed.GetRequiredValue(_template), folder);
        using var model = CausalLm.Load(folder, ComputeDevice.Resolve(parsed.GetRequiredValue(_device)),
            ComputeDevice.TypeNamed(parsed.GetRequiredValue(_dtype)));
        model.EosIds = PromptEncoder.EndIds(model.Config, template, tokenizer);
        model.Config.CheckVocabulary(tokenizer.VocabularySize, folder);
        if (parsed.GetValue(_adapter) is { } adapter) model.LoadAdapter(adapter);

        var samples = parsed.GetRequiredValue(_samples);
        var slots = (from row in Enumerable.Range(0, items.Length)
                     from sample in Enumerable.Range(0, samples)
                     select (Row: row, Sample: sample)).ToArray();
        var prompts = items.Select(item => tokenizer.Encode(template.Render(item.Query), template.AddsSpecialTokens)).ToArray();
        using var generator = new TextGenerator(model);
        var generation = generator.Generate(
            [.. slots.Select(slot => prompts[slot.Row])],
            Sampling(parsed, model),
            [.. slots.Select(slot => SeededRandom.Seed(parsed.GetRequiredValue(_seed), "generate", slot.Row, slot.Sample))]);

        var lines = slots.Zip(generation.Sequences, (slot, ids) => Line(rows[slot.Row].Source, tokenizer.Decode(ids)));
        OutputFile.Write(_console, parsed.GetValue(_out), string.Concat(lines.Select(line => line + "\n")));
        return ExitCode.Ok;
    }

    private SamplingOptions Sampling(ParseResult parsed, CausalLm model) => new()
    {
        Temperature = parsed.GetRequiredValue(_temperature),
        TopP = parsed.GetRequiredValue(_topP),
        TopK = parsed.GetRequiredValue(_topK),
        MaxNewTokens = parsed.GetRequiredValue(_tokens),
        Greedy = parsed.GetValue(_greedy),
        EosIds = model.EosIds,
    };

    /// <summary>Queries with the row they stand in; null where they were given bare.</summary>
    private (PromptItem Item, DataRow? Source)[] Rows(ParseResult parsed)
    {
        if (parsed.GetValue(_in) is { } file)
        {
            var (name, rows) = RowInput.Read(_console, file);
            var columns = _columns.Read(parsed);
            return [.. rows.Zip(DataFile.Convert(name, rows, row => PromptSet.ReadItem(row, columns)), (row, item) => (item, row))];
        }

        var queries = parsed.GetValue(_queries) is { Length: > 0 } given ? given
            : _console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. queries.Select((query, i) => (new PromptItem(i, query, null, null), (DataRow?)null))];
    }

    /// <summary>A bare query is answered with the bare response, a row with the row.</summary>
    private static string Line(DataRow? source, string response)
    {
        if (source is null) return response;
        var row = JsonObject.Create(source.Fields)!;
        row["response"] = response;
        return row.ToJsonString(RunJson.Compact);
    }
}
