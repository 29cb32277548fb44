using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Tokenizers;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private static readonly (string, float, int)[] Letters =
        "▁abc".Select((letter, i) => (letter.ToString(), -100f - i, SmallModel.Normal)).ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-sentencepiece-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Bpe_joins_the_pair_of_the_highest_score_first_and_of_equals_the_leftmost()
    {
        var tokenizer = Load(SmallModel.Write(true, [.. Letters, ("ab", -1, 1), ("bc", -0.5f, 1), ("aa", -2, 1)], false));

        Assert.Equal(["a", "bc"], tokenizer.Tokenize("abc"));
        Assert.Equal(["aa", "a"], tokenizer.Tokenize("aaa"));
    }

    [Fact]
    public void An_unused_piece_is_taken_apart_again()
    {
        var tokenizer = Load(SmallModel.Write(true, [.. Letters, ("ab", -1, SmallModel.Normal), ("abc", -2, SmallModel.Unused)], false));

        Assert.Equal(["ab", "c"], tokenizer.Tokenize("abc"));
    }

    [Fact]
    public void A_user_defined_piece_is_never_joined_or_cut_by_bpe()
    {
        var tokenizer = Load(SmallModel.Write(true, [.. Letters, ("ab", 0, 1), ("bca", 0, SmallModel.UserDefined), ("abc", 0, 1)], false));

        Assert.Equal(["a", "bca", "b"], tokenizer.Tokenize("abcab"));
    }

    [Fact]
    public void A_user_defined_piece_is_all_but_certain_to_unigram_whatever_its_score()
    {
        var tokenizer = Load(SmallModel.Write(false, [.. Letters, ("ab", -1, 1), ("bc", -90, SmallModel.UserDefined)], false));

        Assert.Equal(["bc", "bc", "ab"], tokenizer.Tokenize("bcbcab"));
    }

    [Fact]
    public void Unigram_takes_the_split_of_the_highest_sum()
    {
        (string, float, int)[] pieces = [("▁", -1, 1), ("a", -3, 1), ("b", -3, 1), ("c", -1, 1), ("ab", -4, 1), ("bc", -2, 1)];
        var tokenizer = Load(SmallModel.Write(false, pieces));

        Assert.Equal(["▁", "a", "bc"], tokenizer.Tokenize("abc"));
    }

    [Fact]
    public void Neighbouring_unknown_characters_are_one_token_that_keeps_its_text()
    {
        var tokenizer = Load(SmallModel.Write(false, Letters));

        Assert.Equal(["▁", "a", "xyz", "b"], tokenizer.Tokenize("axyzb"));
        Assert.Equal("a ⁇ b", tokenizer.Decode(tokenizer.Encode("axyzb")));
    }

    [Fact]
    public void Unknown_characters_fall_back_to_bytes_and_come_back_from_them()
    {
        var bytes = Enumerable.Range(0, 256).Select(b => ($"<0x{b:X2}>", 0f, SmallModel.Byte));
        var tokenizer = Load(SmallModel.Write(true, [.. Letters, .. bytes], byteFallback: true));

        Assert.Equal(["▁", "a", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"], tokenizer.Tokenize("a😀"));
        Assert.Equal("a😀 b", tokenizer.Decode(tokenizer.Encode("a😀 b")));
        int[] broken = [tokenizer.TokenToId("<0xF0>")!.Value, tokenizer.TokenToId("<0x9F>")!.Value, tokenizer.TokenToId("a")!.Value];
        Assert.Equal("\uFFFD\uFFFDa", tokenizer.Decode(broken));
    }

    [Fact]
    public void Spaces_are_tidied_where_the_model_says_so()
    {
        Assert.Equal(["▁", "a", "▁", "b"], Load(SmallModel.Write(true, Letters)).Tokenize("  a   b "));

        var untidy = Load(SmallModel.Write(true, Letters, tidySpaces: false));
        Assert.Equal(["▁", "▁", "a", "▁", "▁", "b", "▁"], untidy.Tokenize(" a  b "));
    }

    [Fact]
    public void The_beginning_is_marked_and_control_pieces_in_the_text_are_plain_characters()
    {
        var tokenizer = Load(SmallModel.Write(true, Letters, false));

        Assert.Equal((1, 2, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        Assert.Equal([1, tokenizer.TokenToId("a")!.Value], tokenizer.Encode("a"));
        Assert.Equal(["<s>", "a"], tokenizer.Tokenize("<s>a"));
        Assert.Equal(0, tokenizer.Encode("<s>a", false)[0]);
    }

    [Theory]
    [InlineData("", new[] { "▁", "a", "</s>", "▁", "b" })]
    [InlineData(",\"legacy\":false", new[] { "▁", "a", "</s>", "b" })]
    public void Tokens_that_the_configuration_adds_are_found_in_the_text(string legacy, string[] tokens)
    {
        Write("tokenizer_config.json", $"{{\"added_tokens_decoder\":{{\"2\":{{\"content\":\"</s>\",\"special\":true}}}}{legacy}}}");
        var tokenizer = Load(SmallModel.Write(true, Letters));

        Assert.Equal(tokens, tokenizer.Tokenize("a</s>b"));
        Assert.Equal(2, tokenizer.Encode("a</s>b", false)[2]);
    }

    [Fact]
    public void Tokens_of_added_tokens_json_extend_the_vocabulary()
    {
        Write("added_tokens.json", "{\"[PAD]\": 7}");
        Write("special_tokens_map.json", "{\"pad_token\": \"[PAD]\"}");
        var tokenizer = Load(SmallModel.Write(true, Letters));

        Assert.Equal((8, 7), (tokenizer.VocabularySize, tokenizer.PadId));
        Assert.Equal([7], tokenizer.Encode("[PAD]", false));
    }

    [Fact]
    public void The_configuration_decides_which_ends_are_marked()
    {
        Write("tokenizer_config.json", "{\"add_bos_token\": false, \"add_eos_token\": true}");
        Assert.Equal([.. Load(SmallModel.Write(true, Letters)).Encode("a", false), 2], Load(SmallModel.Write(true, Letters)).Encode("a"));
    }

    [Fact]
    public void T5_marks_the_end_alone()
    {
        Write("tokenizer_config.json", "{\"tokenizer_class\": \"T5TokenizerFast\"}");
        var tokenizer = Load(SmallModel.Write(false, Letters));

        Assert.Equal([.. tokenizer.Encode("a", false), 2], tokenizer.Encode("a"));
    }

    [Fact]
    public void A_class_that_numbers_the_pieces_otherwise_is_refused()
    {
        Write("tokenizer_config.json", "{\"tokenizer_class\": \"XLMRobertaTokenizer\"}");

        var message = Assert.Throws<InvalidDataException>(() => Load(SmallModel.Write(false, Letters))).Message;

        Assert.Contains("tokenizer_class", message);
        Assert.Contains("'XLMRobertaTokenizer'", message);
    }

    [Fact]
    public void A_model_without_an_unknown_piece_or_with_a_piece_twice_is_refused()
    {
        Assert.Contains("piece 4, 'a', is there twice", Assert.Throws<InvalidDataException>(
            () => Load(SmallModel.Write(true, [("a", 0, 1), ("a", 0, 1)]))).Message);
        Assert.Contains("pieces 0 and 3 are both the unknown piece", Assert.Throws<InvalidDataException>(
            () => Load(SmallModel.Write(true, [("?", 0, SmallModel.Unknown)]))).Message);
    }

    private ITokenizer Load(byte[] model)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), model);
        return TokenizerLoader.Load(_folder);
    }

    private void Write(string name, string contents) => File.WriteAllText(Path.Combine(_folder, name), contents);
}
