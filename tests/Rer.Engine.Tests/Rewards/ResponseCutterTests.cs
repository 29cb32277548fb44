using Rer.Engine.Data.Prompts;
using Rer.Engine.Rewards;

namespace Rer.Engine.Tests.Rewards;

public sealed class ResponseCutterTests
{
    [Theory]
    [InlineData("  \nHi. \n", "Hi.")]
    [InlineData("\tHi.\t", "\tHi.\t")]
    [InlineData("One.\n\n### Response: two\n\n--", "One.")]
    [InlineData("One.\n\n\n\nTwo. ### Instruction:", "One.")]
    [InlineData("One.\n\n\nTwo.", "One.\n\n\nTwo.")]
    [InlineData("### Instruction: again", "")]
    [InlineData("a [STOP_SEQUENCE] b", "a")]
    [InlineData("### Instruction only counts with its colon", "### Instruction only counts with its colon")]
    public void A_response_ends_before_its_first_stop_string(string response, string cut) =>
        Assert.Equal(cut, new ResponseCutter(PromptTemplate.Named("alpaca").StopStrings).Cut(response));

    [Fact]
    public void Stop_strings_are_plain_text() =>
        Assert.Equal("IN ST", new ResponseCutter(PromptTemplate.Named("llama-2").StopStrings).Cut("IN ST [INST] more"));
}
