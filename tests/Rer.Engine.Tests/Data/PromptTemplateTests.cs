using System.Text.Json;
using Rer.Engine.Data.Prompts;

namespace Rer.Engine.Tests.Data;

public sealed class PromptTemplateTests
{
    public static TheoryData<string> Names => [.. PromptTemplate.All.Select(template => template.Name)];

    [SharedFact]
    public void The_alpaca_template_is_the_published_one()
    {
        using var meta = JsonDocument.Parse(File.ReadAllText(Fixtures.File("reward", "meta.json")));
        var template = PromptTemplate.Named("alpaca");

        Assert.Equal(meta.RootElement.GetProperty("example_prompt").GetString(), template.Render("Say hi."));
        Assert.Equal(meta.RootElement.GetProperty("system").GetString(), template.System);
        Assert.Equal(meta.RootElement.GetProperty("strip_strings").Deserialize<string[]>(), template.StopStrings);
    }

    [Theory]
    [InlineData("vicuna_v1.1",
        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers "
            + "to the user's questions. USER: Hi! ASSISTANT:")]
    [InlineData("llama-2", "[INST] Hi! [/INST]")]
    [InlineData("zephyr", "<|user|>\nHi!</s>\n<|assistant|>\n")]
    [InlineData("tulu", "<|user|>\nHi!\n<|assistant|>\n")]
    [InlineData("plain", "Hi!")]
    public void A_query_is_wrapped_as_its_policy_expects(string name, string prompt) =>
        Assert.Equal(prompt, PromptTemplate.Named(name).Render("Hi!"));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_query_comes_out_of_the_prompt_it_went_into(string name)
    {
        var template = PromptTemplate.Named(name);
        Assert.Equal("Make a story of it. A magic bow and arrow",
            template.ExtractQuery(template.Render("Make a story\nof it.\n\n### Input:\nA magic  bow and arrow")));
    }

    [Fact]
    public void What_follows_the_policys_role_is_no_part_of_the_query()
    {
        var template = PromptTemplate.Named("alpaca");
        Assert.Equal("One? Two?",
            template.ExtractQuery("### Instruction:\nOne?\n\n### Response:\nFirst.\n\n### Instruction:\nTwo?\n\n### Response:"));
    }

    [Fact]
    public void An_unknown_name_lists_those_that_are_known()
    {
        var error = Assert.Throws<ArgumentException>(() => PromptTemplate.Named("alpacca"));
        Assert.Contains("'alpacca' is not known. Known ones: alpaca, vicuna_v1.1, llama-2, zephyr, tulu, plain, newline, or chat",
            error.Message, StringComparison.Ordinal);
    }
}
