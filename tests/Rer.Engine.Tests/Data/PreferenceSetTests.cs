using Rer.Engine.Data;

namespace Rer.Engine.Tests.Data;

public sealed class PreferenceSetTests
{
    [Theory]
    [InlineData(".json")]
    [InlineData(".jsonl")]
    public void What_is_saved_loads_again(string extension)
    {
        using var file = new TemporaryFile(extension);
        PreferencePair[] pairs = [new("Où?", "Là-bas \u201cici\u201d\n", ""), new("2 < 3?", "Yes.", "No.", "arithmetic")];

        new PreferenceSet("here", pairs).Save(file.Path);

        Assert.Equal(pairs, PreferenceSet.Load(file.Path).Pairs);
        Assert.Contains("Où?", File.ReadAllText(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_pairs_are_reported_with_their_places()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"prompt": "a", "chosen": "b"}
            {"chosen": "b", "rejected": 3}
            """);
        var error = Assert.Throws<DataFileException>(() => PreferenceSet.Load(file.Path));
        Assert.Equal(
        [
            $"{file.Path}, line 1, item 0: `rejected` missing. A pair needs `prompt`, `chosen` and `rejected`.",
            $"{file.Path}, line 2, item 1: `rejected` is a number. It must be text.",
        ], error.Errors);
    }

    [Fact]
    public void A_split_keeps_the_pairs_of_a_prompt_together()
    {
        var pairs = Enumerable.Range(0, 100).Select(i => new PreferencePair($"prompt {i / 4}", $"good {i}", $"bad {i}")).ToArray();

        var (train, heldOut) = new PreferenceSet("here", pairs).Split(0.2, seed: 7);

        Assert.Equal(20, heldOut.Count);
        Assert.Equal(pairs, train.Pairs.Concat(heldOut.Pairs).OrderBy(pair => Array.IndexOf(pairs, pair)));
        Assert.Empty(train.Pairs.Select(pair => pair.Prompt).Intersect(heldOut.Pairs.Select(pair => pair.Prompt)));
    }
}
