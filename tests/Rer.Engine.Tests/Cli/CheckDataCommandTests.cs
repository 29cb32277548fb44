using Rer.Cli;

namespace Rer.Engine.Tests.Cli;

public sealed class CheckDataCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void What_a_file_holds_is_counted()
    {
        var file = _rer.File("a.csv", "question,output,qtype,dataset\nWhere?,Here.,CONSTRAINED,b\nWhy?,,OPENENDED,a\nWhy?,,,a\n");
        var (exit, output, error) = _rer.Run(["check-data", file, "--columns", "query=question"]);
        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        Assert.Matches(@"prompts +3\nOPENENDED +1\nCONSTRAINED +1\nwithout a query type +1\n", output);
        Assert.Matches(@"with a reference +1\n", output);
        Assert.Matches(@"queries repeated +1\nof a +2\nof b +1\n$", output);
    }

    [Fact]
    public void Every_bad_row_is_told_however_many_there_are()
    {
        var file = _rer.File("a.jsonl", string.Concat(Enumerable.Repeat("{}\n", 200)) + "{\n");
        var (exit, output, error) = _rer.Run(["check-data", file]);
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(201, lines.Length);
        Assert.Equal(Enumerable.Range(1, 200), lines.Skip(1).Select(line => int.Parse(line.Split(", line ")[1].Split(',')[0])));
        Assert.Contains(", line 201, item 200: not valid JSON", lines[0]);
    }

    [Fact]
    public void Pairs_are_counted_by_subset()
    {
        var file = _rer.File("a.jsonl", """
            {"prompt": "a", "chosen": "b", "rejected": "c", "subset": "chat"}
            {"prompt": "a", "chosen": "b", "rejected": "b", "subset": "code"}
            """);
        Assert.Matches(@"pairs +2\nprompts +1\nchosen and rejected alike +1\nof chat +1\nof code +1\n$",
            _rer.Run(["check-data", file, "--pairs"]).Out);
    }
}
