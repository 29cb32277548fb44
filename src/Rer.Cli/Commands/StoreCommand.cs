using System.CommandLine;
using Rer.Cli.Options;
using Rer.Engine.Runs;
using Rer.Engine.Storage;

namespace Rer.Cli.Commands;

/// <summary>`rer store`: upkeep of a run store.</summary>
internal sealed class StoreCommand : Command
{
    public StoreCommand(CommandConsole console) : base("store", "Upkeep of a run store.") => Subcommands.Add(new FillCommand(console));

    /// <summary>`rer store fill`: invented runs, for measuring.</summary>
    private sealed class FillCommand : Command
    {
        private static readonly SyntheticRuns _defaults = new();

        private readonly CommandConsole _console;
        private readonly Option<string> _out =
            new("--out") { Description = "Folder of the store; made where it is missing.", HelpName = "DIR", Required = true };
        private readonly Option<bool> _scale = new("--scale")
        {
            Description = "What the dashboard is measured on: 300 runs, and one of 100,000 steps with 50,000 rollouts; the other options "
                + "then do not count.",
        };
        private readonly Option<int> _runs = Whole("--runs", "Number of runs.", _defaults.Runs).Within(1, 10_000);
        private readonly Option<int> _steps = Whole("--steps", "Steps of each run.", _defaults.Steps).Within(1, 1_000_000);
        private readonly Option<int> _evaluations = Whole("--evaluations", "Evaluations of each run.", _defaults.Evaluations);
        private readonly Option<int> _queries = Whole("--queries", "Evaluation queries.", _defaults.Queries).Within(1, 100_000);
        private readonly Option<int> _responses = Whole("--responses", "Responses for each query.", _defaults.Responses).Within(1, 1024);
        private readonly Option<int> _seed = Whole("--seed", "Seed; runs of another seed are added beside.", _defaults.Seed);

        public FillCommand(CommandConsole console)
            : base("fill", "Add invented runs, tagged `synthetic`, to measure pages and queries at scale.")
        {
            _console = console;
            foreach (var option in new Option[] { _out, _scale, _runs, _steps, _evaluations, _queries, _responses, _seed })
                Options.Add(option);
            SetAction(Fill);
        }

        private int Fill(ParseResult parsed)
        {
            using var store = RunStore.Open(parsed.GetRequiredValue(_out));
            IReadOnlyList<SyntheticRuns> all = parsed.GetValue(_scale) ? SyntheticRuns.Scale : [Chosen(parsed)];
            foreach (var synthetic in all)
            {
                synthetic.Fill(store, (done, runs) =>
                {
                    if (done % 10 == 0 || done == runs) _console.Error.WriteLine($"{done} of {runs} runs");
                });
            }

            return ExitCode.Ok;
        }

        private SyntheticRuns Chosen(ParseResult parsed) => new()
        {
            Seed = parsed.GetRequiredValue(_seed),
            Runs = parsed.GetRequiredValue(_runs),
            Steps = parsed.GetRequiredValue(_steps),
            Evaluations = parsed.GetRequiredValue(_evaluations),
            Queries = parsed.GetRequiredValue(_queries),
            Responses = parsed.GetRequiredValue(_responses),
        };

        private static Option<int> Whole(string name, string description, int initial) =>
            new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => initial };
    }
}
