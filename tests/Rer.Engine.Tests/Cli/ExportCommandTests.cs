using System.Text.Json.Nodes;
using Rer.Cli;
using Rer.Engine.Runs.Events;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Cli;

public sealed class ExportCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public ExportCommandTests()
    {
        using var store = RunStore.Open(_rer.Store);
        store.Add(Samples.Record("r1"));
        store.Add(Samples.Record("r12"));
        store.Append("r1", [Samples.Step(1), Samples.Step(2)]);
        foreach (var step in new[] { 0, 2 })
        {
            store.Append(
                "r1",
                [new EvaluationCompleted(Samples.Evaluation(step))],
                [Samples.Rollout(step, 0, 0, "A \"quoted\", long\nanswer") with { Dataset = "koala" },
                    Samples.Rollout(step, 0, 1, "Another")]);
        }
    }

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void Evaluations_are_written_raw_and_normalised()
    {
        var lines = Export("r1").Split('\n');
        Assert.StartsWith("step,proxy,proxy_low,proxy_high,proxy_z,gold,gold_low,gold_high,gold_z,OE_proxy,OE_gold,OE_self_bleu,",
            lines[0]);
        Assert.StartsWith("0,0,-1,1,-1,0,-1,1,1,0,0,0.25,", lines[1]);
        Assert.StartsWith("2,2,1,3,1,-2,-3,-1,-1,2,-2,0.25,", lines[2]);
    }

    [Fact]
    public void Metrics_are_written_one_step_a_line_and_what_is_not_defined_is_empty() =>
        Assert.Equal(
            $"step,{Metric.ProxyMean},{Metric.Kl},{Metric.ExplainedVariance}\n1,0.1,1,\n2,0.2,2,\n", Export("r1", "--what", "metrics"));

    [Fact]
    public void Rollouts_are_quoted_as_csv_asks()
    {
        var text = Export("r1", "--what", "rollouts", "--step", "2");
        Assert.StartsWith("step,item,sample,qtype,query,reference,response,proxy,gold,tokens,eos,LI,RP,factor_LI,factor_RP\n", text);
        Assert.Contains("2,0,0,OPENENDED,Query 0?,,\"A \"\"quoted\"\", long\nanswer\",2,0,10,1,0.5,1,0.5,\n", text);
        Assert.DoesNotContain("\n0,0,", text);
    }

    [Fact]
    public void Json_has_run_evaluations_and_metrics()
    {
        var json = JsonNode.Parse(Export("r1", "--format", "json"))!;
        Assert.Equal("r1", (string)json["run"]!["id"]!);
        Assert.Equal(2, json["evaluations"]!.AsArray().Count);
        Assert.Equal(3, json["metrics"]!.AsArray().Count);
    }

    [Fact]
    public void Alpaca_eval_has_the_last_checkpoints_first_responses()
    {
        var file = Path.Combine(_rer.Folder, "outputs.json");
        Export("r1", "--format", "alpaca_eval", "--out", file);

        var row = Assert.Single(JsonNode.Parse(File.ReadAllText(file))!.AsArray())!;

        Assert.Equal("Query 0?", (string)row["instruction"]!);
        Assert.Equal("A \"quoted\", long\nanswer", (string)row["output"]!);
        Assert.Equal("r1-step2", (string)row["generator"]!);
        Assert.Equal("koala", (string)row["dataset"]!);
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_answered_with_those_that_are()
    {
        var (exit, _, error) = _rer.Run(["export", "r1", "--format", "alpaca_eval", "--step", "1", "--store", _rer.Store]);
        Assert.Equal((ExitCode.Failed, "r1: no rollouts of step 1, sample 0. Evaluated steps: 0, 2.\n"), (exit, error));
    }

    [Theory]
    [InlineData("r1", null), InlineData("r12", null), InlineData("latest", null)]
    [InlineData("r", "RUN: 'r' begins 2 ids: r12, r1.\n")]
    [InlineData("x", "RUN: 'x' is no run of ")]
    public void A_run_is_named_by_its_id_or_the_beginning_of_one(string name, string? refusal)
    {
        var (exit, _, error) = _rer.Run(["show", name, "--store", _rer.Store]);
        Assert.Equal(refusal is null ? ExitCode.Ok : ExitCode.Failed, exit);
        Assert.StartsWith(refusal ?? "", error);
    }

    [Fact]
    public void Runs_are_listed_with_their_figures()
    {
        var (exit, output, _) = _rer.Run(["runs", "--store", _rer.Store]);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Matches(@"r1 +queued +RER +1 +2/10 +2\.000 +0\.000 +0\.000 +-2\.000 +-1\.000 +0 s +too few points", output);
    }

    [Fact]
    public void A_folder_without_a_store_is_named()
    {
        var (exit, _, error) = _rer.Run(["runs", "--store", _rer.Folder]);
        Assert.Equal((ExitCode.Failed, $"{_rer.Folder}: no run store here (rer.db is missing).\n"), (exit, error));
    }

    private string Export(string run, params string[] options)
    {
        var (exit, output, error) = _rer.Run(["export", run, "--store", _rer.Store, .. options]);
        Assert.Equal("", error);
        Assert.Equal(ExitCode.Ok, exit);
        return output;
    }
}
