using System.Text;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

public class TokenStreamDecoderTests
{
    public static IEnumerable<object[]> DecodeSets => GoldenSets.Names(".decode.public.jsonl");

    [SharedTheory, MemberData(nameof(DecodeSets))]
    public void The_pieces_together_are_the_text_of_all_tokens(string name)
    {
        var tokenizer = GoldenSets.Tokenizer(name);
        foreach (var row in GoldenSets.Rows(name, ".decode.public.jsonl"))
        {
            var stream = new TokenStreamDecoder(tokenizer);
            var text = new StringBuilder();
            foreach (var id in row.GetProperty("ids").EnumerateArray()) text.Append(stream.Add(id.GetInt32()));
            Assert.Equal(row.GetProperty("decoded").GetString(), text.Append(stream.Finish()).ToString());
        }
    }

    [SharedFact]
    public void A_character_of_several_bytes_appears_when_its_last_byte_has_come()
    {
        var tokenizer = GoldenSets.Tokenizer("gpt2");
        var stream = new TokenStreamDecoder(tokenizer);

        Assert.Equal(["a", "", "😀", "b"], tokenizer.Encode("a😀b").Select(stream.Add).ToArray());
        Assert.Equal("", stream.Finish());
    }

    [SharedFact]
    public void A_run_of_byte_pieces_is_held_back_until_it_ends_since_one_bad_byte_spoils_it()
    {
        var tokenizer = GoldenSets.Tokenizer("phi-3");
        int Byte(int value) => tokenizer.TokenToId($"<0x{value:X2}>")!.Value;
        int[] ids = [Byte(0xE4), Byte(0xBD), Byte(0xA0), Byte(0xFF), tokenizer.TokenToId("▁the")!.Value];
        var stream = new TokenStreamDecoder(tokenizer);

        Assert.Equal(["", "", "", "", "\uFFFD\uFFFD\uFFFD\uFFFD the"], ids.Select(stream.Add).ToArray());
    }
}
