using System.Text;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

/// <summary>Data in encodings that others save: read where the file declares it, refused by row and byte where it is none. Nothing is
/// replaced.</summary>
public sealed class EncodingTests
{
    private const string Table = "input,output\nWo ist München?,In Bayern.\nWhere?,\"Là, ici.\"\n";

    public static TheoryData<string> Declared => new("utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE");

    [Theory]
    [MemberData(nameof(Declared))]
    public void What_a_byte_order_mark_declares_is_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        using var table = Write(".csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(Table)]);
        Assert.Equal(["In Bayern.", "Là, ici."], PromptSet.Load(table.Path).Items.Select(item => item.Reference));
        const string Lines = "{\"input\": \"é😀\"}\n{\"input\": \"b\"}\n";
        using var lines = Write(".jsonl", [.. encoding.GetPreamble(), .. encoding.GetBytes(Lines)]);
        Assert.Equal(["é😀", "b"], PromptSet.Load(lines.Path).Items.Select(item => item.Query));
        using var list = Write(".json", [.. encoding.GetPreamble(), .. encoding.GetBytes("[{\"input\": \"é😀\"}]")]);
        Assert.Equal("é😀", PromptSet.Load(list.Path).Items.Single().Query);
    }

    [Fact]
    public void A_table_in_Latin_1_is_refused_with_every_row_and_byte()
    {
        using var file = Write(".csv", Encoding.Latin1.GetBytes(Table));
        Assert.Equal(
        [
            $"{file.Path}, line 2, item 0, byte 9: 0xFC is not UTF-8. Save the file as UTF-8.",
            $"{file.Path}, line 3, item 1, byte 10: 0xE0 is not UTF-8. Save the file as UTF-8.",
        ], Errors(file));
    }

    [Fact]
    public void A_heading_in_Latin_1_is_refused()
    {
        using var file = Write(".csv", Encoding.Latin1.GetBytes("Frage,größe\na,b\n"));
        Assert.Equal([$"{file.Path}, line 1, byte 9: 0xF6 is not UTF-8. Save the file as UTF-8."], Errors(file));
    }

    [Theory]
    [InlineData(".jsonl", "{\"input\": \"fine\"}\n{\"input\": \"ü\"}\n\n{\"input\": \"a\", \"ö\": 1}\n")]
    [InlineData(".json", "[{\"input\": \"fine\"},\n{\"input\": \"ü\"},\n\n{\"input\": \"a\", \"ö\": 1}\n]")]
    public void JSON_in_Latin_1_is_refused_with_every_row_and_byte(string extension, string text)
    {
        using var file = Write(extension, Encoding.Latin1.GetBytes(text));
        Assert.Equal(
        [
            $"{file.Path}, line 2, item 1, byte 12: 0xFC is not UTF-8. Save the file as UTF-8.",
            $"{file.Path}, line 4, item 2, byte 17: 0xF6 is not UTF-8. Save the file as UTF-8.",
        ], Errors(file));
    }

    [Theory]
    [InlineData(".jsonl", "{\"input\": \"fine\"}\n{\"input\": \"\\ud83d\"}\n{\"\\udc00\": 1}\n{\"input\": \"\\ud83d\\ude00\"}\n")]
    [InlineData(".json", "[{\"input\": \"fine\"},\n{\"input\": \"\\ud83d\"},\n{\"\\udc00\": 1},\n{\"input\": \"\\ud83d\\ude00\"}]")]
    public void Half_of_a_surrogate_pair_is_refused_with_every_row_and_byte(string extension, string text)
    {
        using var file = new TemporaryFile(extension, text);
        Assert.Equal(
        [
            $"{file.Path}, line 2, item 1, byte 11: a text with half of a surrogate pair",
            $"{file.Path}, line 3, item 2, byte 2: a text with half of a surrogate pair",
        ], Errors(file).Select(error => error.Split(" (")[0]));
    }

    [Fact]
    public void UTF_16_without_its_mark_is_named()
    {
        using var file = Write(".csv", Encoding.Unicode.GetBytes(Table));
        Assert.StartsWith(
            $"{file.Path}, byte 2: a zero byte, which no text has. It may be UTF-16 without its byte order mark",
            Assert.Single(Errors(file)));
    }

    [Fact]
    public void A_mark_that_does_not_fit_the_rest_is_named()
    {
        using var file = Write(".csv", [0xFF, 0xFE, (byte)'a', 0, 0x00, 0xD8, (byte)'b', 0]);
        Assert.StartsWith($"{file.Path}, byte 5: begins with the byte order mark of UTF-16 and is not of it.", Assert.Single(Errors(file)));
    }

    private static IReadOnlyList<string> Errors(TemporaryFile file) =>
        Assert.Throws<DataFileException>(() => PromptSet.Load(file.Path)).Errors;

    private static TemporaryFile Write(string extension, byte[] content)
    {
        var file = new TemporaryFile(extension);
        File.WriteAllBytes(file.Path, content);
        return file;
    }
}
