using Rer.Engine.Data;
using Rer.Engine.Data.Preferences;
using Rer.Engine.Data.Prompts;

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

    [Fact]
    public void Dialogues_that_differ_in_the_last_answer_are_pairs()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"chosen": "\n\nHuman: Hi?\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi?\n\nAssistant: What?"}
            {"chosen": "\n\nHuman: A?\n\nAssistant: B.\n\nHuman: C?\n\nAssistant: D.", "rejected": "\n\nHuman: A?\n\nAssistant: B.\n\nHuman: C?\n\nAssistant: E."}
            """);
        Assert.Equal(
        [
            new PreferencePair("Hi?", "Hello.", "What?"),
            new PreferencePair("Human: A?\n\nAssistant: B.\n\nHuman: C?", "D.", "E."),
        ], PreferenceSet.Load(file.Path).Pairs);
        Assert.Equal([("Hi?", "Hello."), ("Human: A?\n\nAssistant: B.\n\nHuman: C?", "D.")],
            PromptSet.Load(file.Path).Items.Select(item => (item.Query, item.Reference!)));
    }

    [Fact]
    public void Lists_of_messages_are_dialogues()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"chosen": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}], "rejected": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "What?"}]}
            {"prompt": "Hi?", "chosen": [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Hello."}], "rejected": [{"role": "assistant", "content": "What?"}]}
            {"prompt": [{"role": "user", "content": "Hi?"}], "chosen": [{"role": "assistant", "content": "Hello."}], "rejected": [{"role": "assistant", "content": "What?"}]}
            """);
        Assert.Equal(Enumerable.Repeat(new PreferencePair("Hi?", "Hello.", "What?"), 3), PreferenceSet.Load(file.Path).Pairs);
    }

    [Fact]
    public void Dialogues_that_are_no_pair_say_so()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"chosen": "\n\nHuman: Hi?\n\nAssistant: Hello.", "rejected": "\n\nHuman: Ho?\n\nAssistant: What?"}
            {"chosen": [{"role": "tool", "content": "Hi?"}], "rejected": "x"}
            {"chosen": [{"role": "user"}], "rejected": "x"}
            """);
        var error = Assert.Throws<DataFileException>(() => PreferenceSet.Load(file.Path));
        Assert.Equal(
        [
            $"{file.Path}, line 1, item 0: `prompt` missing, and `chosen` and `rejected` are no two endings of one dialogue. A pair needs "
                + "all three, or two dialogues alike up to the last \"Assistant:\".",
            $"{file.Path}, line 2, item 1: `chosen` has a message of role 'tool'. It must be user, assistant or system.",
            $"{file.Path}, line 3, item 2: `chosen` has a message without `content`. A message needs `role` and `content`.",
        ], error.Errors);
    }

    [Theory]
    [InlineData("[]", "`chosen` is a list without a message. A dialogue has at least one turn.")]
    [InlineData(
        """[{"role":"user","content":"Hi?"}]""",
        "`chosen` ends with a turn of the user's. The last message must be the assistant's: it is the answer.")]
    [InlineData("""[{"role":"assistant"}]""", "`chosen` has a message without `content`. A message needs `role` and `content`.")]
    [InlineData(
        """[{"role":"assistant","content":null}]""", "`chosen` has a message without `content`. A message needs `role` and `content`.")]
    [InlineData(
        """[{"role":"assistant","content":{}}]""",
        "`chosen` has a message whose `content` is an object. A message needs `role` and `content`.")]
    [InlineData("""[{"role":1,"content":"a"}]""", "`chosen` has a message whose `role` is no text. A message needs `role` and `content`.")]
    [InlineData("""["a"]""", "`chosen` has a message without `role`. A message needs `role` and `content`.")]
    [InlineData(
        """[{"role":"assistant","content":[{"type":"image","url":"x"}]}]""",
        "`chosen` has a message with a part that is no text, as {\"type\": \"text\", \"text\": \"...\"} is. A message needs `role` and "
        + "`content`.")]
    public void A_dialogue_without_an_answer_is_no_answer(string chosen, string expected)
    {
        const string Rejected = """[{"role":"user","content":"Hi?"},{"role":"assistant","content":"No."}]""";
        using var file = new TemporaryFile(".jsonl", $$"""
            {"prompt": "Hi?", "chosen": {{chosen}}, "rejected": "No."}
            {"chosen": {{chosen}}, "rejected": {{Rejected}}}
            """);
        var error = Assert.Throws<DataFileException>(() => PreferenceSet.Load(file.Path));
        Assert.Equal([$"{file.Path}, line 1, item 0: {expected}", $"{file.Path}, line 2, item 1: {expected}"], error.Errors);
    }

    [Fact]
    public void A_message_may_come_in_parts()
    {
        using var file = new TemporaryFile(".jsonl", """
            {"prompt": [{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"?"}]}], "chosen": [{"role":"assistant","content":[{"type":"text","text":"Hello."}]}], "rejected": [{"role":"assistant","content":"No."}]}
            """);
        Assert.Equal([new PreferencePair("Hi?", "Hello.", "No.")], PreferenceSet.Load(file.Path).Pairs);
    }

    [Fact]
    public void RewardBenchs_pairs_are_prompts_too()
    {
        using var file = new TemporaryFile(".json",
            """[{"prompt": "2+2?", "chosen": "4", "chosen_model": "a", "rejected": "5", "rejected_model": "b", "subset": "math-prm", "id": 1}]""");
        Assert.Equal([new PreferencePair("2+2?", "4", "5", "math-prm")], PreferenceSet.Load(file.Path).Pairs);
        Assert.Equal([new PromptItem(0, "2+2?", "4", null) { Dataset = "math-prm", Line = 1 }], PromptSet.Load(file.Path).Items);
    }

    [Fact]
    public void Columns_of_other_names_are_mapped()
    {
        using var file = new TemporaryFile(".csv", "question,best,worst,kind\nWhere?,Here.,There.,place\n");
        var columns = PreferenceColumns.Parse("prompt=question, chosen=best, rejected=worst, subset=kind");
        Assert.Equal([new PreferencePair("Where?", "Here.", "There.", "place")], PreferenceSet.Load(file.Path, columns).Pairs);
        var error = Assert.Throws<DataFileException>(() => PreferenceSet.Load(file.Path, columns with { Chosen = "good" }));
        Assert.Equal([$"{file.Path}: no row has a field `good`. Its fields are `question`, `best`, `worst`, `kind`."], error.Errors);
    }
}
