using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Library;

namespace Rer.Engine.Tests.Data;

public sealed class ParquetTests
{
    [Fact]
    public void Columns_of_plain_types_are_fields()
    {
        using var file = Write(ParquetFile.Of(
            new ParquetPrompt { Instruction = "Où?", Output = "Là.", Relevance = 0.5, Rank = 3, Verified = true },
            new ParquetPrompt { Instruction = "Why?", Relevance = double.NaN }));
        var rows = DataFile.Read(file.Path);
        Assert.Equal(["Où?", "Why?"], rows.Select(row => row.Text("Instruction")));
        Assert.Equal(["Là.", null], rows.Select(row => row.Text("Output")));
        Assert.Equal([0.5, null], rows.Select(row => row.Number("Relevance")));
        Assert.Equal("3", rows[0].Value("Rank"));
        Assert.True(rows[0].Flag("Verified"));
        Assert.Equal([0, 1], rows.Select(row => row.Index));
    }

    [Fact]
    public void Lists_of_messages_are_dialogues()
    {
        using var file = Write(ParquetFile.Of(
            new ParquetPair { prompt = "Hi?", chosen = Dialogue("Hi?", "Hello."), rejected = Dialogue("Hi?", "What?"), tags = ["a", "b"] },
            new ParquetPair { chosen = Dialogue("Ho?", "Ho."), rejected = Dialogue("Ho?", "No.") }));
        Assert.Equal(
            [new PreferencePair("Hi?", "Hello.", "What?"), new PreferencePair("Ho?", "Ho.", "No.")], PreferenceSet.Load(file.Path).Pairs);
        Assert.Equal(["Hi?", "Ho?"], PromptSet.Load(file.Path).Items.Select(item => item.Query));
        Assert.Equal(2, PromptImport.ReadFile(file.Path).Rows);
    }

    [Fact]
    public void Null_and_empty_lists_are_told_apart()
    {
        using var file = Write(ParquetFile.Of(
            new ParquetPair { prompt = "a", tags = ["x", "y"] },
            new ParquetPair { prompt = "b", tags = [] },
            new ParquetPair { prompt = "c", chosen = [] },
            new ParquetPair { prompt = "d", chosen = [new() { role = "user" }], tags = ["z"] }));
        Assert.Equal(
        [
            """{"prompt":"a","chosen":null,"rejected":null,"tags":["x","y"]}""",
            """{"prompt":"b","chosen":null,"rejected":null,"tags":[]}""",
            """{"prompt":"c","chosen":[],"rejected":null,"tags":null}""",
            """{"prompt":"d","chosen":[{"role":"user","content":null}],"rejected":null,"tags":["z"]}""",
        ], DataFile.Read(file.Path).Select(row => row.Fields.GetRawText()));
    }

    [Fact]
    public void A_text_shared_by_thousands_of_rows_is_bounded_by_what_the_rows_take()
    {
        var text = new string('x', 20_000);
        using var file = Write(ParquetFile.Of(Enumerable.Range(0, 4000).Select(_ => new ParquetPrompt { Instruction = text })));
        Assert.Contains(
            "over 200 to one: no data packs like that.", Assert.Throws<DataFileException>(() => DataFile.Read(file.Path)).Message);
    }

    [Fact]
    public void A_bad_row_is_named_by_its_number()
    {
        using var file = Write(ParquetFile.Of(
            new ParquetPair { prompt = "Hi?", chosen = Dialogue("Hi?", "Hello."), rejected = Dialogue("Hi?", "What?") },
            new ParquetPair
            {
                prompt = "Hi?",
                chosen = [new ParquetMessage { role = "user", content = "Hi?" }],
                rejected = Dialogue("Hi?", "What?")
            }));
        Assert.StartsWith(
            $"{file.Path}, item 1: `chosen` ends with a turn of the user's.",
            Assert.Single(Assert.Throws<DataFileException>(() => PreferenceSet.Load(file.Path)).Errors));
    }

    [Fact]
    public void The_content_tells_whatever_the_name()
    {
        using var file = new TemporaryFile(".json");
        File.WriteAllBytes(file.Path, ParquetFile.Of(new ParquetPrompt { Instruction = "Why?" }));
        Assert.Equal("Why?", DataFile.Read(file.Path)[0].Text("Instruction"));
    }

    [Theory]
    [InlineData("anything")]
    [InlineData("PAR1")]
    [InlineData("PAR1PAR1PAR1")]
    [InlineData("PAR1\u0015\u0004\u0015\u0004\u0004\u0000\u0000\u0000PAR1")]
    public void What_is_no_Parquet_says_so(string content)
    {
        using var file = new TemporaryFile(".parquet", content);
        Assert.StartsWith(
            $"{file.Path}: is no Parquet file", Assert.Single(Assert.Throws<DataFileException>(() => DataFile.Read(file.Path)).Errors));
    }

    [Fact]
    public void A_file_cut_short_says_so()
    {
        var content = ParquetFile.Of(new ParquetPrompt { Instruction = "Why?" });
        using var file = Write(content[..^20]);
        Assert.StartsWith(
            $"{file.Path}: is no Parquet file, or one that is cut short.",
            Assert.Single(Assert.Throws<DataFileException>(() => DataFile.Read(file.Path)).Errors));
    }

    private static List<ParquetMessage> Dialogue(string question, string answer) =>
        [new() { role = "user", content = question }, new() { role = "assistant", content = answer }];

    private static TemporaryFile Write(byte[] content)
    {
        var file = new TemporaryFile(".parquet");
        File.WriteAllBytes(file.Path, content);
        return file;
    }
}
