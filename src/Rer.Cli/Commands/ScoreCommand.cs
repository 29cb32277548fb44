using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Options;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Events;
using Rer.Engine.Training;

namespace Rer.Cli.Commands;

/// <summary>`rer score`: scores responses that exist, with every feature and factor.</summary>
internal sealed class ScoreCommand : Command
{
    private readonly CommandConsole _console;
    private readonly ColumnsOption _columns = new();

    private readonly Option<string> _design = new("--design")
    {
        Description = "Reward design: a text such as 'OE: LI*RP*QR; CE: RP*RAR', or one of "
            + $"{string.Join(", ", RewardDesign.Presets.Select(p => p.Name))}.",
        HelpName = "TEXT",
        Required = true,
    };

    private readonly Option<string> _in = new("--in")
    {
        Description = "Rows in JSON or JSON Lines with query, response, and where the design needs them reference, qtype, relevance. '-' "
            + "is standard input.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string> _out = new("--out")
    {
        Description = "JSON Lines: each row with features, factors and reward added, and relevance_cut where the relevance model read a"
            + " text only in part. '-' is standard output.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string> _relevance = new("--relevance")
    {
        Description = $"Relevance model: {RelevanceModels.Forms}. By default precomputed where every row has a relevance, else lexical.",
        HelpName = "MODEL",
    };

    private readonly Option<string> _template = new("--template")
    {
        Description = $"Prompt template, which tells where a response ends: {PromptTemplate.Forms}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "alpaca",
    };

    private readonly Option<string> _policy =
        new("--policy") { Description = "Folder of the policy, whose chat template `--template chat` means.", HelpName = "DIR" };

    private readonly Option<int> _maxResponseTokens = new Option<int>("--max-response-tokens")
    {
        Description = "Maximum tokens per response; the reference-answer relevance is stretched to it.",
        DefaultValueFactory = _ => new PpoOptions().MaxResponseTokens,
    }.Within(1, 1_048_576);

    private readonly CustomFeatureOptions _own = new();

    public ScoreCommand(CommandConsole console) : base("score", "Score responses under a reward design, with every feature and factor.")
    {
        _console = console;
        foreach (var option in new Option[] { _design, _in, _out, _relevance, _template, _policy, _maxResponseTokens }) Options.Add(option);
        _own.AddTo(this);
        Options.Add(_columns);
        SetAction(Score);
    }

    private int Score(ParseResult parsed)
    {
        var design = _own.Design(parsed, parsed.GetRequiredValue(_design));

        var named = parsed.GetRequiredValue(_template);
        if (PromptTemplate.IsChat(named) && parsed.GetValue(_policy) is null)
            throw new PlanException(
                [new PlanError("policy", "", $"missing. --template {named} is the chat template of a policy's folder.")]);
        var template = PromptTemplate.Of(named, parsed.GetValue(_policy) ?? "");

        var (file, rows) = RowInput.Read(_console, parsed.GetRequiredValue(_in));
        var columns = _columns.Read(parsed);
        var prompts = new PromptSet(file, DataFile.Convert(file, rows, row => PromptSet.ReadItem(row, columns)));
        var responses = DataFile.Convert(
            file, rows,
            row => row.Text("response") ?? throw new FormatException("no response. A row needs `response` with the text to score."));
        if (design.Check(prompts) is { Count: > 0 } errors) throw new DataFileException(file, errors);

        var form = parsed.GetValue(_relevance) ?? (prompts.Items.All(i => i.Relevance is not null) ? "precomputed" : "lexical");
        using var relevance = RelevanceModels.Create(form, prompts);
        var scorer = new RewardScorer(
            design, relevance, template, parsed.GetRequiredValue(_maxResponseTokens));
        var scored = new StringBuilder();
        var breakdowns = scorer.Score(prompts.Items, responses);
        foreach (var (row, breakdown) in rows.Zip(breakdowns)) scored.Append(Scored(row, breakdown)).Append('\n');
        OutputFile.Write(_console, parsed.GetValue(_out), scored.ToString());
        var cuts = CutTexts.Of(breakdowns.Select(breakdown => (breakdown.QueryType, (bool?)null, breakdown.RelevanceCut)));
        foreach (var sentence in cuts.Sentences()) _console.Error.WriteLine(sentence);
        return ExitCode.Ok;
    }

    private static string Scored(DataRow row, RewardBreakdown breakdown)
    {
        var scored = JsonObject.Create(row.Fields)!;
        scored["features"] = JsonSerializer.SerializeToNode(breakdown.Features, RunJson.Compact);
        scored["factors"] = JsonSerializer.SerializeToNode(breakdown.Factors, RunJson.Compact);
        scored["reward"] = breakdown.Total;
        if (breakdown.RelevanceCut) scored["relevance_cut"] = true;
        return scored.ToJsonString(RunJson.Compact);
    }
}
