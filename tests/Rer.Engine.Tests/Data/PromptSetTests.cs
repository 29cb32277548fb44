using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class PromptSetTests
{
    [Fact]
    public void A_list_and_JSON_Lines_read_alike()
    {
        using var list = new TemporaryFile(".json", """
            [
              {"input": "Say hi.", "output": "Hi.", "qtype": "CONSTRAINED"},
              {"instruction": "Tell a tale.", "qtype": "OPENENDED", "dataset": "tales", "relevance": 1.5}
            ]
            """);
        using var lines = new TemporaryFile(".jsonl", """
            {"input": "Say hi.", "output": "Hi.", "qtype": "CONSTRAINED"}

            {"instruction": "Tell a tale.", "qtype": "OPENENDED", "dataset": "tales", "relevance": 1.5}
            """);

        PromptItem[] expected =
        [
            new(0, "Say hi.", "Hi.", QueryType.ClosedEnded),
            new(1, "Tell a tale.", null, QueryType.OpenEnded) { Dataset = "tales", Relevance = 1.5 },
        ];
        Assert.Equal([expected[0] with { Line = 2 }, expected[1] with { Line = 3 }], PromptSet.Load(list.Path).Items);
        Assert.Equal([expected[0] with { Line = 1 }, expected[1] with { Line = 3 }], PromptSet.Load(lines.Path).Items);
    }

    [Fact]
    public void An_instruction_with_an_input_is_joined_as_the_paper_joins_it()
    {
        using var file = new TemporaryFile(".json", """[{"instruction": "Make a story of it.", "input": "A bow", "output": ""}]""");
        Assert.Equal("Make a story of it.\n\n### Input:\nA bow", PromptSet.Load(file.Path)[0].Query);
    }

    [Fact]
    public void Every_bad_row_is_reported_with_its_place_and_what_would_be_right()
    {
        using var file = new TemporaryFile(".json", """
            [
              {"input": "Good."},
              {"ask": "No query here."},
              {"input": "Odd type.", "qtype": "OPEN"},
              {"input": 7},
              "no object",
              {"input": "Far.", "relevance": "near"}
            ]
            """);

        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));

        Assert.Equal(
        [
            $"{file.Path}, line 6, item 4: the row is text. It must be an object.",
            $"{file.Path}, line 3, item 1: no query. A row needs `input` or `instruction` with some text; it has `ask`.",
            $"{file.Path}, line 4, item 2: query type 'OPEN' is not known. Branching designs need OPENENDED or CONSTRAINED on every item.",
            $"{file.Path}, line 5, item 3: `input` is a number. It must be text.",
            $"{file.Path}, line 7, item 5: `relevance` is text. It must be a number.",
        ], error.Errors);
    }

    [Fact]
    public void Bad_fields_are_reported_together()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"input": "Good."}
            {"ask": "No query here."}
            {"input": "Odd type.", "qtype": "OPEN"}
            {"input": 7}
            {"input": "Far.", "relevance": "near"}
            """);

        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));

        Assert.Equal(
        [
            $"{file.Path}, line 2, item 1: no query. A row needs `input` or `instruction` with some text; it has `ask`.",
            $"{file.Path}, line 3, item 2: query type 'OPEN' is not known. Branching designs need OPENENDED or CONSTRAINED on every item.",
            $"{file.Path}, line 4, item 3: `input` is a number. It must be text.",
            $"{file.Path}, line 5, item 4: `relevance` is text. It must be a number.",
        ], error.Errors);
        Assert.Equal(string.Join('\n', error.Errors), error.Message);
    }

    [Fact]
    public void A_long_list_of_errors_is_cut_and_counted()
    {
        using var file = new TemporaryFile(".jsonl", string.Concat(Enumerable.Repeat("{}\n", 100)));
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));
        Assert.Equal(100, error.Errors.Count);
        Assert.Equal(DataFileException.ShownErrors + 1, error.Message.Split('\n').Length);
        Assert.EndsWith("... and 80 more", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no rows. Expected a JSON list of objects, one JSON object a line, or a table named `.csv` or `.tsv` with a heading.")]
    [InlineData("[]",
        "no rows. Expected a JSON list of objects, one JSON object a line, or a table named `.csv` or `.tsv` with a heading.")]
    [InlineData("[{\"input\": \"a\"}\n, {\"input\": ]", ", line 2, item 1: not valid JSON: ")]
    [InlineData("[{\"input\": \"a\"}", ", item 1: not valid JSON: ")]
    [InlineData("{\"input\": \"a\"}\n{\"input\": NaN}", ", line 2, item 1: not valid JSON: ")]
    [InlineData("[{\"input\": \"a\"}] []", "not valid JSON")]
    public void A_broken_file_says_where_it_breaks(string content, string message)
    {
        using var file = new TemporaryFile(".json", content);
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));
        Assert.StartsWith(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load("/nowhere/train.json"));
        Assert.Equal("/nowhere/train.json: no such file.", error.Message);
    }

    [SharedTheory]
    [InlineData("alpaca_eval.json", 372, 433)]
    [InlineData("alpacafarm_val.json", 933, 1067)]
    public void The_papers_sets_load_with_their_query_types(string name, int openEnded, int closedEnded)
    {
        var prompts = PromptSet.Load(Fixtures.Data(name));
        Assert.Equal(openEnded, prompts.CountOf(QueryType.OpenEnded));
        Assert.Equal(closedEnded, prompts.CountOf(QueryType.ClosedEnded));
        Assert.Equal(openEnded + closedEnded, prompts.Count);
    }
}
