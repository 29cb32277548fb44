using System.Text.Json;
using Rer.Engine.Data;

namespace Rer.Engine.Tests.Data;

public sealed class PythonCharactersTests
{
    [Theory]
    [InlineData("word")]
    [InlineData("space")]
    public void Every_code_point_falls_in_the_class_that_Python_puts_it_in(string name)
    {
        using var classes = JsonDocument.Parse(File.ReadAllText(Fixtures.File("reward", "python_re_classes.json")));
        var expected = new bool[0x110000];
        foreach (var range in classes.RootElement.GetProperty(name).EnumerateArray())
            Array.Fill(expected, true, range[0].GetInt32(), range[1].GetInt32() - range[0].GetInt32() + 1);

        Func<int, bool> actual = name == "word" ? PythonCharacters.IsWord : PythonCharacters.IsSpace;

        Assert.Equal([], Enumerable.Range(0, expected.Length).Where(codePoint => actual(codePoint) != expected[codePoint]));
    }

    [Theory]
    [InlineData("  a \n\t b\u3000c ", "a b c")]
    [InlineData("\u001c\u0085\u00a0", "")]
    [InlineData("a\u200bb", "a\u200bb")]
    public void White_space_is_folded_as_Python_sees_it(string text, string folded) =>
        Assert.Equal(folded, PythonCharacters.FoldSpace(text));
}
