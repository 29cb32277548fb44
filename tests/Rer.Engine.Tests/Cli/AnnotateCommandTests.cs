using System.Text.Json.Nodes;
using Rer.Cli;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Cli;

public sealed class AnnotateCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void Missing_types_are_predicted_in_a_copy_and_marked()
    {
        var from = _rer.File("from.jsonl", string.Concat(Enumerable.Range(0, 60).Select(i => i % 2 == 0
            ? $$"""{"input": "Write a story about the {{i}}th town.", "qtype": "OPENENDED"}""" + "\n"
            : $$"""{"input": "What is the capital of land {{i}}?", "qtype": "CONSTRAINED"}""" + "\n")));
        const string bare = "question,note,qtype\nWhat is the capital of Chad?,kept,\nWrite a story about snow.,,\nWhat is the capital of "
            + "Mali?,,CONSTRAINED\n";
        var data = _rer.File("bare.csv", bare);
        var copy = Path.Combine(_rer.Folder, "copy.jsonl");

        var (exit, output, error) = _rer.Run(["annotate", "--from", from, "--data", data, "--columns", "query=question", "--out", copy]);

        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        Assert.Matches(@"held out +12 +1\.000 +0\.\d{3}\n", output);
        Assert.Matches(@"types that were there +1 +1\.000 +1\.000\n", output);
        Assert.Matches(@"OPENENDED +1 +1\n", output);
        Assert.Matches(@"CONSTRAINED +2 +1\n", output);
        var rows = File.ReadAllLines(copy).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(("What is the capital of Chad?", "kept", "CONSTRAINED", true),
            ((string)rows[0]["question"]!, (string)rows[0]["note"]!, (string)rows[0]["qtype"]!, (bool)rows[0]["qtype_predicted"]!));
        Assert.Equal("OPENENDED", (string)rows[1]["qtype"]!);
        Assert.Null(rows[2]["qtype_predicted"]);
        Assert.Equal(bare, File.ReadAllText(data));
        Assert.Equal([true, true, false],
            PromptSet.Load(copy, PromptColumns.Parse("query=question")).Items.Select(item => item.QueryTypeIsPredicted));
    }

    [Fact]
    public void The_set_itself_is_not_written_over()
    {
        var data = _rer.File("a.jsonl", "{}");
        var (exit, _, error) = _rer.Run(["annotate", "--from", data, "--data", data, "--out", data]);
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("is the file of --data", error);
    }
}
