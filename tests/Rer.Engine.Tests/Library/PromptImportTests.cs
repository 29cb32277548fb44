using System.Text;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Library;

namespace Rer.Engine.Tests.Library;

public sealed class PromptImportTests
{
    [Fact]
    public void Fields_are_guessed_and_can_be_mapped()
    {
        var import = Read("a.csv", "question,answer,category,gold\nWhere?,Here.,CONSTRAINED,There.\nWhy?,,OPENENDED,So.\n");
        Assert.Equal(("question", "answer", "category"), (import.QueryField, import.ReferenceField, import.TypeField));
        var result = import.Build();
        Assert.Equal([new PromptItem(0, "Where?", "Here.", QueryType.ClosedEnded), new PromptItem(1, "Why?", null, QueryType.OpenEnded)],
            result.Items);
        Assert.Equal([3], result.Unreferenced);
        import.ReferenceField = "gold";
        Assert.Equal(["There.", "So."], import.Build().Items.Select(item => item.Reference));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_left_out_with_its_place()
    {
        var result = Read("a.jsonl", """
            {"input": "Good.", "output": 42}
            {"input": ["a", "list"]}
            {"input": " "}
            """).Build();
        Assert.Equal([new PromptItem(0, "Good.", "42", null)], result.Items);
        Assert.Equal(["line 2, item 1: `input` is a list. It must be text."], result.Bad);
        Assert.Equal([3], result.Empty);
    }

    [Fact]
    public void A_types_field_of_other_values_is_mapped_value_by_value()
    {
        var import = Read("a.jsonl", """
            {"input": "a", "type": 1}
            {"input": "b", "type": 2}
            {"input": "c", "type": {"no": "text"}}
            """);
        Assert.Equal([("1", 1), ("2", 1)], import.TypeValues);
        import.Map("1", QueryType.OpenEnded);
        Assert.Equal([QueryType.OpenEnded, null], import.Build().Items.Select(item => item.QueryType));
        Assert.Single(import.Build().Bad);
    }

    [Theory]
    [InlineData("""{"chosen": "\n\nHuman: Hi?\n\nAssistant: Hello.", "rejected": "\n\nHuman: Hi?\n\nAssistant: What?"}""")]
    [InlineData(
        """{"prompt": [{"role": "user", "content": "Hi?"}], "chosen": [{"role": "assistant", "content": "Hello."}], "rejected": [{"role": "assistant", "content": "What?"}]}""")]
    public void Dialogues_give_their_question_and_the_better_answer(string row)
    {
        var import = Read("a.jsonl", row);
        Assert.Equal(("prompt", "chosen"), (import.QueryField, import.ReferenceField));
        Assert.Equal([new PromptItem(0, "Hi?", "Hello.", null)], import.Build().Items);
    }

    private static PromptImport Read(string name, string content) => PromptImport.Read(name, Encoding.UTF8.GetBytes(content));
}
