using System.Diagnostics;
using System.IO.Compression;
using Rer.Engine.Data;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Data;

/// <summary>Files that never end, or are far larger than they look: refused before or while they are read, with the bound.</summary>
public sealed class DataBoundsTests
{
    [Fact]
    public void What_is_no_regular_file_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([$"{folder.Path}: is a folder. A file is needed."], Errors(folder.Path));
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal(["/dev/zero: is a character device. A regular file is needed: write its content to one first."], Errors("/dev/zero"));
        var pipe = folder.File("pipe.jsonl");
        using (var make = Process.Start("mkfifo", pipe)) make.WaitForExit();
        Assert.Equal([$"{pipe}: is a named pipe. A regular file is needed: write its content to one first."], Errors(pipe));
        File.CreateSymbolicLink(folder.File("link.json"), "/dev/zero");
        Assert.StartsWith($"{folder.File("link.json")}: is a character device.", Assert.Single(Errors(folder.File("link.json"))));
    }

    [Fact]
    public void A_packed_file_that_unpacks_to_far_more_is_stopped()
    {
        using var file = new TemporaryFile(".jsonl.gz");
        using (var packed = new GZipStream(File.Create(file.Path), CompressionLevel.SmallestSize))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++) packed.Write(zeros);
        }

        Assert.Matches(
            $"^{file.Path}: [0-9]+ of its packed bytes give [0-9]+, over 200 to one: no data packs like that.",
            Assert.Single(Errors(file.Path)));
        // An upload goes the same way.
        Assert.Contains(
            "200 to one", Assert.Throws<DataFileException>(() => DataFile.Read("upload.json.gz", File.ReadAllBytes(file.Path))).Message);
    }

    [Theory]
    [InlineData(".jsonl", "{\"input\": \"fine\"}\n{\"input\": \"", "\"}\n", 2)]
    [InlineData(".json", "[{\"input\": \"fine\"},\n{\"input\": \"", "\"}]", 2)]
    [InlineData(".csv", "input,output\nfine,b\n", ",b\n", 3)]
    public void A_row_has_a_bound(string extension, string before, string after, int line)
    {
        using var file = new TemporaryFile(extension, before + new string('x', DataContent.LargestRow) + after);
        Assert.Matches(
            $"^.*, line {line}, item 1: the row has [0-9]+ bytes; at most {DataContent.LargestRow} are read.$",
            Assert.Single(Errors(file.Path)));
    }

    [Fact]
    public void A_row_nested_too_deep_is_named()
    {
        using var file = new TemporaryFile(
            ".jsonl", "{\"input\": \"fine\"}\n{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}\n");
        Assert.StartsWith(
            $"{file.Path}, line 2, item 1: not valid JSON: The maximum configured depth of 64", Assert.Single(Errors(file.Path)));
    }

    private static IReadOnlyList<string> Errors(string path) => Assert.Throws<DataFileException>(() => PromptSet.Load(path)).Errors;
}
