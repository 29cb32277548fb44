using Rer.Engine.Data;

namespace Rer.Engine.Tests.Data;

public sealed class PreferenceSetTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Written_pairs_are_read_back()
    {
        PreferencePair[] pairs = [new("Why?", "Because \"so\".", "é\nno", "open-ended"), new("How?", "Thus.", "")];
        PreferenceSet.Write(_path, pairs);
        Assert.Equal(pairs, PreferenceSet.Read(_path).Pairs);
    }

    [Fact]
    public void A_json_array_is_read_too()
    {
        File.WriteAllText(_path, """[{"prompt": "a", "chosen": "b", "rejected": "c", "margin": 1}]""");
        Assert.Equal(new PreferencePair("a", "b", "c"), Assert.Single(PreferenceSet.Read(_path).Pairs));
    }

    [Theory]
    [InlineData("""[{"prompt": "a", "chosen": "b", "rejected": "c"}, {"prompt": "a", "chosen": "b"}]""", "item 1: 'rejected' is missing")]
    [InlineData("""[{"prompt": 1, "chosen": "b", "rejected": "c"}]""", "item 0: 'prompt' must be a text")]
    [InlineData("{\"prompt\": \"a\",", "item 0: is no JSON")]
    [InlineData("[]", "holds no preference pair")]
    [InlineData("7", "item 0: an object")]
    public void What_is_wrong_is_named_with_the_item(string content, string expected)
    {
        File.WriteAllText(_path, content);
        var error = Assert.Throws<InvalidDataException>(() => PreferenceSet.Read(_path));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(_path, error.Message);
    }
}
