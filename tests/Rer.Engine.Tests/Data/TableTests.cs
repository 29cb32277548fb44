using System.IO.Compression;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class TableTests
{
    [Fact]
    public void Quoted_fields_hold_separators_quotes_and_line_ends()
    {
        using var file = new TemporaryFile(".csv",
            "input,output,qtype,relevance\r\n\"Say \"\"hi\"\", then\nbye.\",Hi.,CONSTRAINED,0.5\r\n\r\nTell a tale.,,OPENENDED,\r\n");
        Assert.Equal(
        [
            new PromptItem(0, "Say \"hi\", then\nbye.", "Hi.", QueryType.ClosedEnded) { Relevance = 0.5, Line = 2 },
            new PromptItem(1, "Tell a tale.", null, QueryType.OpenEnded) { Line = 5 },
        ], PromptSet.Load(file.Path).Items);
    }

    [Fact]
    public void Tabs_separate_where_the_name_says_so()
    {
        using var file = new TemporaryFile(".tsv", "input\toutput\nA, b?\tYes, \"c\".\n");
        Assert.Equal([new PromptItem(0, "A, b?", "Yes, \"c\".", null) { Line = 2 }], PromptSet.Load(file.Path).Items);
    }

    [Fact]
    public void Bad_rows_are_named_with_their_lines()
    {
        using var file = new TemporaryFile(".csv", "input,output\na,b,c\n\"open,b\n");
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));
        Assert.Equal(
        [
            $"{file.Path}, line 2, item 0: 3 fields under 2 column names. Fields that hold a ',' need quotes.",
            $"{file.Path}, line 3, item 1: a quoted field does not end. Quotes inside one are doubled.",
        ], error.Errors);
    }

    [Fact]
    public void Columns_of_other_names_are_mapped()
    {
        using var file = new TemporaryFile(".csv", "question,answer,kind\nWhere?,Here.,CONSTRAINED\n");
        var columns = PromptColumns.Parse("query=question, reference=answer, qtype=kind");
        Assert.Equal([new PromptItem(0, "Where?", "Here.", QueryType.ClosedEnded) { Line = 2 }], PromptSet.Load(file.Path, columns).Items);
    }

    [Fact]
    public void A_mapping_to_a_field_that_is_not_there_lists_those_that_are()
    {
        using var file = new TemporaryFile(".jsonl", """{"question": "Where?"}""");
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path, new PromptColumns { Query = "ask" }));
        Assert.Equal($"{file.Path}: no row has a field `ask`. Its fields are `question`.", error.Message);
    }

    [Theory]
    [InlineData("prompt=question")]
    [InlineData("query")]
    [InlineData("query=")]
    public void A_mapping_of_another_form_is_refused(string text) =>
        Assert.Contains("Write NAME=FIELD", Assert.Throws<FormatException>(() => PromptColumns.Parse(text)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(".json")]
    [InlineData(".jsonl")]
    public void A_saved_set_loads_again(string extension)
    {
        using var file = new TemporaryFile(extension);
        PromptItem[] items =
        [
            new(0, "Où?", "Là.", QueryType.ClosedEnded) { Dataset = "here", Relevance = 0.25 },
            new(1, "Why?", null, QueryType.OpenEnded) { QueryTypeIsPredicted = true },
        ];
        new PromptSet("here", items).Save(file.Path);
        Assert.Equal(items, PromptSet.Load(file.Path).Items.Select(item => item with { Line = 0 }));
    }

    [Fact]
    public void A_bad_row_of_a_table_leaves_the_places_of_the_others_right()
    {
        using var file = new TemporaryFile(".csv", "input,qtype\na,b,c\nWhere?,OPEN\n");
        var error = Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path));
        Assert.Equal([$"{file.Path}, line 2, item 0", $"{file.Path}, line 3, item 1"],
            error.Errors.Select(text => text[..text.IndexOf(':')]));
    }

    [Fact]
    public void A_packed_file_reads_as_the_plain_one()
    {
        using var file = new TemporaryFile(".csv.gz");
        using (var packed = new GZipStream(File.Create(file.Path), CompressionLevel.Fastest))
            packed.Write("input,output\nWhere?,Here.\n"u8);
        Assert.Equal([new PromptItem(0, "Where?", "Here.", null) { Line = 2 }], PromptSet.Load(file.Path).Items);
        File.WriteAllText(file.Path, "input,output\n");
        Assert.Equal($"{file.Path}: is named .gz and is no gzip file, or a damaged one. Fetch it again.",
            Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path)).Message);
    }
}
