using System.Text.Json.Nodes;
using Rer.Cli;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;

namespace Rer.Engine.Tests.Cli;

public sealed class CompareCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public CompareCommandTests()
    {
        using var store = RunStore.Open(_rer.Store);
        Add("slow-1", 1, 5e-4);
        Add("slow-2", 2, 5e-4);
        Add("fast-1", 1, 2e-3);

        void Add(string id, int seed, double rate)
        {
            var plan = Samples.Plan(seed);
            store.Add(Samples.Record(id, plan with { Ppo = plan.Ppo with { LearningRate = rate } }));
            foreach (var step in new[] { 0, 2 }) store.Append(id, [new EvaluationCompleted(Samples.Evaluation(step))], []);
        }
    }

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void Runs_that_differ_in_an_option_are_rows_of_their_own_and_the_option_is_a_column()
    {
        var lines = Run("compare").Split('\n');
        Assert.Matches(@"^design  learning-rate +seeds ", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("RER     0.002 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("RER     0.0005           1 2 ", StringComparison.Ordinal));
        Assert.Contains("up to step 2", lines[3]);
        Assert.Matches(@" OE Self-BLEU +length +EOS +verdicts$", lines[0]);
        Assert.Matches(@" 0\.250 +12\.0 +0\.50 ", lines[1]);
    }

    [Fact]
    public void Csv_and_json_have_the_option_and_the_runs()
    {
        var csv = Run("compare", "--format", "csv").Split('\n');
        Assert.StartsWith("group,design,learning-rate,seeds,runs,rho,", csv[0]);
        Assert.EndsWith(",verdicts,OE_self_bleu_final,length_mean_final,eos_share_final", csv[0]);
        Assert.Contains(csv, line => line.Contains(",RER,0.0005,1 2,slow-1 slow-2,", StringComparison.Ordinal));
        var json = JsonNode.Parse(Run("compare", "--format", "json", "slow-1", "fast-1"))!;
        Assert.Equal("learning-rate", (string)Assert.Single(json["axes"]!.AsArray())!);
        Assert.Equal(2, json["groups"]!.AsArray().Count);
        Assert.Equal(12, (double)json["groups"]![0]!["metrics"]!["length_mean"]!["mean"]!);
    }

    [Fact]
    public void The_list_of_runs_names_what_they_differ_in()
    {
        Assert.Matches(@"^run +state +design +learning-rate +seed ", Run("runs"));
        Assert.DoesNotContain("learning-rate", Run("runs", "--filter", "slow"));
    }

    [Fact]
    public void A_run_that_is_not_there_is_named()
    {
        var (exit, _, error) = _rer.Run(["compare", "none", "--store", _rer.Store]);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.StartsWith("RUN: 'none' is no run of ", error);
        Assert.Contains("begins 2 ids", _rer.Run(["compare", "slow", "--store", _rer.Store]).Error);
    }

    private string Run(params string[] arguments)
    {
        var (exit, output, error) = _rer.Run([.. arguments, "--store", _rer.Store]);
        Assert.Equal(("", ExitCode.Ok), (error, exit));
        return output;
    }
}
