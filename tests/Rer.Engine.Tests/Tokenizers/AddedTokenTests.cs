using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>
/// minimind: byte-level BPE of 6,400 pieces with tokens of chat and tools, special and plain. Ids are those of Hugging Face's tokenizers.
/// </summary>
public sealed class AddedTokenTests
{
    private static ITokenizer Minimind => TokenizerLoader.Load(Fixtures.File("tokenizers", "minimind"));

    [SharedTheory]
    [InlineData(
        "<|im_start|>user\nWhat's 12345 + 678?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        new[] { 1, 832, 311, 234, 1146, 628, 482, 1676, 4374, 754, 1322, 58, 59, 66, 2, 234, 1, 1388, 570, 811, 234, 25, 234, 234, 26, 234,
            234 },
        "user\nWhat's 12345 + 678?\nassistant\n<think>\n\n</think>\n\n")]
    [InlineData(
        "  Ünïcödé — “quotes” 你好，世界！ \t\n🦊🦊",
        new[] { 256, 4537, 286, 113, 163, 143, 102, 163, 150, 103, 3006, 256, 3084, 256, 683, 537, 593, 329, 684, 256, 1968, 294, 1950,
            1364, 256, 233, 234, 4544, 135, 268, 4544, 135, 268 },
        "  Ünïcödé — “quotes” 你好，世界！ \t\n🦊🦊")]
    [InlineData(
        "<tool_call>{\"name\": \"f\"}</tool_call><|endoftext|>x",
        new[] { 21, 126, 37, 2533, 3149, 536, 105, 37, 128, 22, 0, 123 },
        "<tool_call>{\"name\": \"f\"}</tool_call>x")]
    public void Special_tokens_vanish_from_the_text_and_plain_added_ones_stay(string text, int[] ids, string decoded)
    {
        var tokenizer = Minimind;
        Assert.Equal(ids, tokenizer.Encode(text));
        Assert.Equal(decoded, tokenizer.Decode(ids));
        Assert.Equal(text, tokenizer.Decode(ids, skipSpecialTokens: false));
    }

    [SharedFact]
    public void Every_text_comes_back_from_its_ids()
    {
        var tokenizer = Minimind;
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Data("alpaca_eval.json")));
        foreach (var row in file.RootElement.EnumerateArray())
        {
            var text = row.GetProperty("output").GetString()!;
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
        Assert.Equal(6400, tokenizer.VocabularySize);
    }
}
