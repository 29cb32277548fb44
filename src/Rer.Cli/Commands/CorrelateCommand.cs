using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;

namespace Rer.Cli.Commands;

/// <summary>`rer correlate`: rank correlation of two columns of numbers.</summary>
internal sealed class CorrelateCommand : Command
{
    private static readonly char[] _separators = [',', ';', ' ', '\t'];

    private readonly CommandConsole _console;

    private readonly Option<string> _in = new("--in")
    {
        Description = "Two numbers a line, separated by white space, a comma or a semicolon; a first line of headings is passed over. '-' is standard input.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON object." };

    public CorrelateCommand(CommandConsole console)
        : base("correlate", "Spearman's rho with its p-value, and Kendall's tau, of two columns of numbers.")
    {
        _console = console;
        Options.Add(_in);
        Options.Add(_json);
        SetAction(Correlate);
    }

    private int Correlate(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_in);
        using var opened = file == "-" ? null : new StreamReader(file);
        var (x, y) = Read(opened ?? _console.In, file == "-" ? "standard input" : file);
        var relation = RankRelation.Of(x, y);
        if (parsed.GetValue(_json))
        {
            _console.Out.WriteLine(JsonSerializer.Serialize(
                new { n = relation.Points, relation.Rho, P = relation.PValue, relation.ExactPValue, relation.Tau }, RunJson.Compact));
            return ExitCode.Ok;
        }

        _console.Out.WriteLine($"n    {relation.Points}");
        _console.Out.WriteLine(
            double.IsNaN(relation.Rho) ? "rho  not defined: a constant column has no correlation" : $"rho  {Number(relation.Rho)}");
        if (!double.IsNaN(relation.PValue)) _console.Out.WriteLine($"p    {Number(relation.PValue)} (t approximation)");
        if (relation.ExactPValue is { } exact and not double.NaN) _console.Out.WriteLine($"p    {Number(exact)} (exact)");
        if (!double.IsNaN(relation.Tau)) _console.Out.WriteLine($"tau  {Number(relation.Tau)}");
        return ExitCode.Ok;
    }

    private static (List<double> X, List<double> Y) Read(TextReader input, string name)
    {
        var (x, y) = (new List<double>(), new List<double>());
        for (var (number, line) = (1, input.ReadLine()); line is not null; number++, line = input.ReadLine())
        {
            var cells = line.Split(_separators, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0) continue;
            if (cells.Length == 2 && Parse(cells[0], out var left) && Parse(cells[1], out var right))
            {
                x.Add(left);
                y.Add(right);
            }
            else if (number > 1)
            {
                throw new InvalidDataException($"{name}, line {number}: '{line}' is not two numbers.");
            }
        }

        return x.Count >= 2 ? (x, y) : throw new InvalidDataException($"{name}: {x.Count} pairs of numbers. A correlation needs two or more.");
    }

    private static bool Parse(string cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
