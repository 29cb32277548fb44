using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Input;
using Rer.Engine.Runs.Events;

namespace Rer.Cli.Commands;

/// <summary>`rer correlate`: rank correlation of two columns of numbers.</summary>
internal sealed class CorrelateCommand : Command
{
    private const int LongestLine = 1000;

    private static readonly char[] _separators = [',', ';', ' ', '\t'];

    private readonly CommandConsole _console;

    private readonly Option<string> _in = new("--in")
    {
        Description = "Two numbers per line, separated by white space, a comma or a semicolon; a first line of headings is passed over. "
            + "'-' "
            + "is standard input.",
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
        using var opened = file == "-" ? null : new StreamReader(InputFile.OpenRead(file));
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
            double.IsNaN(relation.Rho) ? $"rho  not defined: {WhyNotDefined(x, y)}" : $"rho  {Number(relation.Rho)}");
        if (!double.IsNaN(relation.PValue)) _console.Out.WriteLine($"p    {Number(relation.PValue)} (t approximation)");
        if (relation.ExactPValue is { } exact and not double.NaN) _console.Out.WriteLine($"p    {Number(exact)} (exact)");
        if (!double.IsNaN(relation.Tau)) _console.Out.WriteLine($"tau  {Number(relation.Tau)}");
        return ExitCode.Ok;
    }

    private static string WhyNotDefined(List<double> x, List<double> y) =>
        x.Concat(y).Any(double.IsNaN) ? "a value is NaN" : "a constant column has no correlation";

    private static (List<double> X, List<double> Y) Read(TextReader input, string name)
    {
        var (x, y) = (new List<double>(), new List<double>());
        for (var (number, line) = (1, Line(input, name, 1)); line is not null; number++, line = Line(input, name, number))
        {
            var cells = line.Split(_separators, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length == 0) continue;
            if (cells is [var left, var right] && Parse(left) is { } first && Parse(right) is { } second)
            {
                x.Add(first);
                y.Add(second);
            }
            // A heading has no number in it: a first line that has one is data.
            else if (number > 1 || cells.Any(cell => Parse(cell) is not null))
            {
                throw new InvalidDataException($"{name}, line {number}: '{Shortened(line)}' is not two numbers.");
            }
        }

        return x.Count >= 2 ? (x, y)
            : throw new InvalidDataException($"{name}: {x.Count} pairs of numbers. A correlation needs two or more.");
    }

    /// <summary>The next line; null at the end. Two numbers need few characters, so what goes on without an end is given up.</summary>
    private static string? Line(TextReader input, string name, int number)
    {
        var line = new StringBuilder();
        int next;
        while ((next = input.Read()) >= 0 && next != '\n')
        {
            if (line.Length == LongestLine)
                throw new InvalidDataException($"{name}, line {number}: more than {LongestLine} characters. Two numbers are expected.");
            line.Append((char)next);
        }

        return next < 0 && line.Length == 0 ? null : line.ToString().TrimEnd('\r');
    }

    /// <summary>A number as this program, Python or a spreadsheet writes one; `nan` and `inf` too.</summary>
    private static double? Parse(string cell) => cell.ToUpperInvariant() switch
    {
        "NAN" or "+NAN" or "-NAN" => double.NaN,
        "INF" or "+INF" or "INFINITY" or "+INFINITY" or "∞" or "+∞" => double.PositiveInfinity,
        "-INF" or "-INFINITY" or "-∞" => double.NegativeInfinity,
        _ => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    private static string Shortened(string line) => line.Length <= 80 ? line : line[..80] + "...";

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
