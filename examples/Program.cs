namespace Rer.Examples;

/// <summary>`dotnet run -c Release --project examples -- EXAMPLE ...`: the engine without the dashboard or the `rer` command.</summary>
internal static class Program
{
    private static readonly Dictionary<string, (string Arguments, int Count, Action<string[], TextWriter> Run)> _examples = new()
    {
        ["score-file"] = ("ROWS.jsonl DESIGN", 2, (given, output) => ScoreFile.Run(given[0], given[1], output)),
        ["train-headless"] = ("STORE DESIGN STEPS", 3,
            (given, output) => TrainHeadless.Run(given[0], given[1], int.Parse(given[2]), output)),
        ["add-feature"] = ("TEXT ...", 1, AddFeature.Run),
        ["read-run"] = ("STORE RUN", 2, (given, output) => ReadRun.Run(given[0], given[1], output)),
        ["judge-text"] = ("QUERY RESPONSE", 2, (given, output) => JudgeText.Run(given[0], given[1], output)),
    };

    internal static int Main(string[] args)
    {
        if (args.Length == 0 || !_examples.TryGetValue(args[0], out var example) || args.Length - 1 < example.Count)
        {
            foreach (var (name, (arguments, _, _)) in _examples) Console.Error.WriteLine($"{name} {arguments}");
            return 2;
        }

        example.Run(args[1..], Console.Out);
        return 0;
    }
}
