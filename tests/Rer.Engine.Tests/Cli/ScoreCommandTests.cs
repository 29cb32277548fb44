using System.Text.Json.Nodes;
using Rer.Cli;

namespace Rer.Engine.Tests.Cli;

public sealed class ScoreCommandTests : IDisposable
{
    private readonly CommandLine _rer = new();

    public void Dispose() => _rer.Dispose();

    [Fact]
    public void Fields_of_other_names_are_mapped()
    {
        var (exit, output, error) =
            _rer.Run(["score", "--design", "LI", "--columns", "query=question"], """{"question":"Where?","response":"Here it is."}""");
        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        Assert.Contains("\"reward\":", output);
    }

    [Fact]
    public void Every_feature_and_factor_is_added_to_a_row_that_keeps_its_own_fields()
    {
        const string row = """{"id":7,"query":"What?","response":"one two three four","qtype":"OPENENDED"}""";

        var (exit, output, _) = _rer.Run(["score", "--design", "LI*RP"], row);

        Assert.Equal(ExitCode.Ok, exit);
        var scored = JsonNode.Parse(output)!;
        Assert.Equal(7, (int)scored["id"]!);
        Assert.Equal(0.04, (double)scored["features"]!["LI"]!);
        Assert.Equal(0.04, (double)scored["factors"]!["LI"]!);
        Assert.Equal(1, (double)scored["factors"]!["RP"]!);
        Assert.Null(scored["factors"]!["QR"]);
        Assert.Equal(0.04, (double)scored["reward"]!);
    }

    [Fact]
    public void Rows_that_the_relevance_model_reads_only_in_part_are_marked_and_counted_by_type()
    {
        // The fixture's encoder takes 64 tokens; a vocabulary of its own makes a token of each of these words.
        var encoder = Path.Combine(_rer.Folder, "encoder");
        Directory.CreateDirectory(encoder);
        foreach (var file in new[] { "config.json", "model.safetensors" }) File.Copy(Fixtures.File("models", "tiny-bert", file),
            Path.Combine(encoder, file));
        File.WriteAllLines(Path.Combine(encoder, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"]);
        File.WriteAllText(Path.Combine(encoder, "tokenizer_config.json"), """{"tokenizer_class": "BertTokenizer"}""");
        var longer = string.Join(' ', Enumerable.Repeat("a", 70));
        var rows = $$"""
            {"query":"a","response":"a a","qtype":"OPENENDED"}
            {"query":"a","response":"{{longer}}","qtype":"CONSTRAINED"}
            """;
        var (exit, output, error) = _rer.Run(["score", "--design", "QR", "--relevance", $"contriever:{encoder}"], rows);
        Assert.Equal((ExitCode.Ok,
            "The relevance model read only a part of 1 of 2 responses (open-ended 0 of 1, closed-ended 1 of 1):"
            + " they, their query or their reference are longer than its context.\n"), (exit, error));
        Assert.Equal([false, true], output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!["relevance_cut"] is not null));
    }

    [Fact]
    public void A_feature_of_the_users_own_is_read_from_its_file()
    {
        var features = _rer.File("features.json", """[{"symbol":"SHORT","kind":"Expression","source":"min(words, 2) / 2"}]""");

        var (exit, output, _) =
            _rer.Run(["score", "--design", "LI*SHORT", "--features", features], """{"query":"What?","response":"one"}""");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal(0.5, (double)JsonNode.Parse(output)!["factors"]!["SHORT"]!);
        Assert.Equal(0.005, (double)JsonNode.Parse(output)!["reward"]!, 12);
        var (refused, _, error) = _rer.Run(["score", "--design", "LI*SHORT"], """{"query":"What?","response":"one"}""");
        Assert.NotEqual(ExitCode.Ok, refused);
        Assert.Contains("feature 'SHORT' is not known", error);
    }

    [Fact]
    public void Relevance_in_the_rows_is_used_where_every_row_has_it()
    {
        const string row = """{"query":"What?","response":"one two three","reference":"R","qtype":"CONSTRAINED","relevance":1.75}""";

        var (_, output, _) = _rer.Run(["score", "--design", "RER"], row);

        // Half of the published range 0..3.5, stretched to 0..5.12.
        Assert.Equal(2.56, (double)JsonNode.Parse(output)!["factors"]!["RAR"]!, 12);
    }

    [Fact]
    public void Rows_go_from_file_to_file()
    {
        var rows = _rer.File("rows.jsonl", """{"query":"a","response":"b"}""" + "\n" + """{"query":"a","response":"c d"}""");
        var scored = Path.Combine(_rer.Folder, "new", "scored.jsonl");

        Assert.Equal(ExitCode.Ok, _rer.Run(["score", "--design", "LI", "--in", rows, "--out", scored]).Exit);

        Assert.Equal([0.01, 0.02], File.ReadAllLines(scored).Select(l => (double)JsonNode.Parse(l)!["reward"]!));
    }

    [Fact]
    public void A_design_that_is_not_known_is_a_bad_argument()
    {
        var (exit, _, error) = _rer.Run(["score", "--design", "LI*LOUD"], "{}");
        Assert.Equal(ExitCode.BadArguments, exit);
        Assert.StartsWith("--design: ", error);
        Assert.Contains("'LOUD' is not known", error);
    }

    [Fact]
    public void A_row_without_what_the_design_needs_is_named()
    {
        var rows =
            _rer.File("rows.jsonl", """{"query":"a","response":"b","qtype":"OPENENDED"}""" + "\n" + """{"query":"a","response":"b"}""");
        var (exit, output, error) = _rer.Run(["score", "--design", "OE: LI; CE: RP", "--in", rows]);
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        Assert.StartsWith($"{rows}, line 2, item 1: no query type.", error);
    }

    [Fact]
    public void A_row_without_a_response_is_named()
    {
        var (exit, _, error) = _rer.Run(["score", "--design", "LI"], """{"query":"a"}""");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Equal("standard input, line 1, item 0: no response. A row needs `response` with the text to score.\n", error);
    }
}
