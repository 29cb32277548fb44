using Rer.Examples;

namespace Rer.Engine.Tests.Packing;

/// <summary>The programs in `examples/`, run as they stand.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-examples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_of_responses_is_scored()
    {
        var rows = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(rows,
        [
            """{"query": "Tell me about the sea.", "response": "The sea is wide and the sea is deep.", "qtype": "OPENENDED"}""",
            """{"query": "Tell me about the sea.", "response": "Yes.", "qtype": "OPENENDED"}""",
        ]);

        var lines = Lines(output => ScoreFile.Run(rows, "LI", output));

        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^0\.\d+  .*LI \d", lines[0]);
        Assert.True(Total(lines[0]) > Total(lines[1]));

        double Total(string line) => double.Parse(line.Split(' ')[0]);
    }

    [Fact]
    public void A_run_is_trained_and_read()
    {
        var trained = Lines(output => TrainHeadless.Run(_folder, "LI", 4, output));
        var run = trained[0].Split(':')[0];
        Assert.Equal($"{run}: Finished", trained[0]);
        Assert.Equal(["step 0", "step 2", "step 4"], trained[1..].Select(line => line.Split(':')[0]));

        var read = Lines(output => ReadRun.Run(_folder, run, output));
        Assert.Equal($"{run}: LI, Finished at step 4", read[0]);
        Assert.Matches(@"^KL -?\d\.\d{3} nats", read[1]);
        Assert.Equal("3 evaluations: TooFewPoints. 3 of the 4 checkpoints that a verdict needs.", read[2]);
        Assert.Equal(2, read[3..].Count(line => line.StartsWith("gold ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_feature_is_added_and_passes_its_examples() => Assert.Equal(
        ["example: wanted 1, found 1.000", "example: wanted 0.5, found 0.500", "0.833  BRIEF 0.833"],
        Lines(output => AddFeature.Run(["two words"], output)));

    [Fact]
    public void A_response_is_judged_whole_and_by_its_beginnings()
    {
        var lines = Lines(output => JudgeText.Run("Where is the lamp?", "The lamp is in the hall.", output));

        Assert.Matches(@"^\S+.*: -?\d+\.\d{3}$", lines[0]);
        Assert.True(lines.Length > 5);
        // The whole response's reward is that of its last beginning.
        Assert.Equal(double.Parse(lines[0].Split(' ')[^1]), double.Parse(lines[^1].Trim().Split(' ')[0]), 2e-3);
    }

    private static string[] Lines(Action<TextWriter> run)
    {
        using var output = new StringWriter();
        run(output);
        return output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
