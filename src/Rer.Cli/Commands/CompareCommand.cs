using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rer.Cli.Options;
using Rer.Cli.Output;
using Rer.Cli.Remote;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Comparing;
using Rer.Engine.Runs.Events;

namespace Rer.Cli.Commands;

/// <summary>`rer compare`: runs side by side, a row for each plan, its seeds put together.</summary>
internal sealed class CompareCommand : Command, IServerCommand
{
    private static readonly string[] _columns =
    [
        "seeds", "runs", "rho", "proxy_final", "gold_start", "gold_best", "gold_final", "gold_final_low", "gold_final_high", "verdicts",
    ];

    private readonly CommandConsole _console;
    private readonly RunSourceOption _source;

    private readonly Argument<string[]> _runs = new("RUN")
    {
        Description = "Runs' ids, or the beginnings of them; without any, every run that --filter lets through.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _text = new("--filter")
    {
        Description = "Only runs whose id, design, policy, data, tags, note or sweep contains this.",
        HelpName = "TEXT",
    };

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description = "table: for people. csv and json: for other tools, in full precision.",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "csv", "json");

    private readonly Option<string> _out = new("--out") { Description = "File to write; standard output by default.", HelpName = "FILE" };

    public CompareCommand(CommandConsole console, ServerOption server)
        : base("compare", "Compare runs: those that differ in the seed alone are one row, whatever else differs is a column.")
    {
        (_console, _source) = (console, new RunSourceOption(server));
        Arguments.Add(_runs);
        foreach (var option in new Option[] { _text, _format, _out }) Options.Add(option);
        _source.AddTo(this);
        SetAction(Compare);
    }

    private int Compare(ParseResult parsed)
    {
        using var source = _source.Open(parsed);
        var comparison = RunComparison.Of(parsed.GetValue(_runs) is { Length: > 0 } named
            ? named.Select(name => RunArgument.Named(name, source)).DistinctBy(run => run.Id)
            : source.Runs(new RunFilter { Text = parsed.GetValue(_text) }));
        var content = parsed.GetRequiredValue(_format) switch
        {
            "json" => JsonSerializer.Serialize(comparison, RunJson.Indented) + "\n",
            "csv" => Csv(comparison),
            _ => Table(comparison),
        };
        OutputFile.Write(_console, parsed.GetValue(_out), content);
        if (comparison.LeftOut.Count > 0) _console.Error.WriteLine($"Left out, not yet evaluated: {string.Join(", ", comparison.LeftOut)}");
        return ExitCode.Ok;
    }

    private static string Table(RunComparison comparison)
    {
        using var text = new StringWriter { NewLine = "\n" };
        string[] axes = [.. comparison.Axes.Where(axis => axis != "design")];
        var metrics = Metrics(comparison);
        var table = new TextTable(
        [
            "design", .. axes, "seeds", "proxy", "gold at start", "best", "last", "range", "rho",
            .. metrics.Select(column => column.Heading), "verdicts",
        ])
        {
            WordColumns = 1 + axes.Length,
        };
        foreach (var group in comparison.Groups)
        {
            table.Add(
            [
                group.Options.GetValueOrDefault("design", group.Design),
                .. axes.Select(axis => group.Options[axis] is { Length: > 0 } value ? value : "none"),
                string.Join(' ', group.Seeds),
                Figures.Fixed(group.ProxyFinal.Mean),
                Figures.Fixed(group.GoldStart.Mean),
                Figures.Fixed(group.GoldBest.Mean),
                Figures.Fixed(group.GoldFinal.Mean),
                group.GoldFinal.Count < 2 ? Figures.None : $"{Figures.Fixed(group.GoldFinal.Low)} to {Figures.Fixed(group.GoldFinal.High)}",
                Figures.Correlation(group.Rho.Mean),
                .. metrics.Select(column => Figures.Fixed(Of(column, group), column.Metric.Decimals)),
                group.Verdicts.Count == 0 ? Figures.None
                    : string.Join(", ", group.Verdicts.Select(verdict => $"{verdict.Value} {verdict.Key}")),
            ]);
        }

        table.Write(text);
        text.WriteLine($"Means over the seeds, up to step {comparison.Reached}, which every run has reached.");
        return text.ToString();
    }

    private static string Csv(RunComparison comparison)
    {
        string[] axes = [.. comparison.Axes.Where(axis => axis != "design")];
        var metrics = Metrics(comparison);
        var rows = comparison.Groups.Select(group => (IEnumerable<string>)
        [
            group.Group, group.Options.GetValueOrDefault("design", group.Design), .. axes.Select(axis => group.Options[axis]),
            string.Join(' ', group.Seeds), string.Join(' ', group.Runs), Number(group.Rho.Mean), Number(group.ProxyFinal.Mean),
            Number(group.GoldStart.Mean), Number(group.GoldBest.Mean), Number(group.GoldFinal.Mean), Number(group.GoldFinal.Low),
            Number(group.GoldFinal.High), string.Join("; ", group.Verdicts.Select(verdict => $"{verdict.Value} {verdict.Key}")),
            .. metrics.Select(column => Number(Of(column, group))),
        ]);
        return string.Concat(rows.Prepend(["group", "design", .. axes, .. _columns, .. metrics.Select(column => $"{column.Name}_final")])
            .Select(row => string.Join(',', row.Select(Quote)) + "\n"));
    }

    private static IReadOnlyList<MetricColumn> Metrics(RunComparison comparison) =>
        EvaluationMetrics.Known(comparison.Groups.SelectMany(group => group.Metrics.Keys));

    private static double Of(MetricColumn column, GroupFigures group) =>
        group.Metrics.TryGetValue(column.Name, out var spread) ? spread.Mean : double.NaN;

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quote(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"")}\"";
}
