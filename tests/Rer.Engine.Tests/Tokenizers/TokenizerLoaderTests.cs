using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.Training;

namespace Rer.Engine.Tests.Tokenizers;

public sealed class TokenizerLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-loader-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "nowhere");

        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => TokenizerLoader.Load(missing)).Message);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_says_which_files_would_do()
    {
        var message = Assert.Throws<FileNotFoundException>(() => TokenizerLoader.Load(_folder)).Message;

        Assert.Contains(_folder, message);
        Assert.Contains("tokenizer.json, tokenizer.model (SentencePiece), vocab.json with merges.txt, or vocab.txt", message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "HTML page")]
    [InlineData("{\"model\": ", "the file is broken, not JSON")]
    [InlineData("{\"version\": \"1.0\"}", "there is no 'model'")]
    [InlineData("""{"model": {"type": "Char"}}""", "model.type: \"Char\", where there must be BPE, WordPiece, WordLevel or Unigram")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}""", "merges[0]: 'b' is not in the vocabulary")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}""", "merges[0]: \"a\", where there must be two tokens")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": "x"}, "merges": []}}""", "vocab.a: \"x\", where there must be a whole number")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {}, "merges": [], "unk_token": "?"}}""", "unk_token '?' is not in the vocabulary")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {}, "merges": [], "dropout": 0.1}}""", "model.dropout: 0.1")]
    [InlineData("""{"model": {"type": "WordLevel", "vocab": {}}, "normalizer": {"type": "Upper"}}""", "normalizer.type: \"Upper\"")]
    [InlineData(
        """{"model": {"type": "WordLevel", "vocab": {}}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}}}""",
        "pre_tokenizer.pattern.Regex: The regular expression '(a' has, at character 2, a '(' without its ')'")]
    public void A_broken_tokenizer_json_says_what_and_where(string contents, string expected)
    {
        Write("tokenizer.json", contents);

        var message = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message;

        Assert.StartsWith(Path.Combine(_folder, "tokenizer.json"), message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer")]
    [InlineData("\u000A\u0005ab", "the data end in the middle of a field")]
    [InlineData("", "there are no pieces")]
    public void A_broken_tokenizer_model_says_what_and_where(string contents, string expected)
    {
        Write("tokenizer.model", contents);

        var message = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message;

        Assert.StartsWith(Path.Combine(_folder, "tokenizer.model"), message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void A_vocabulary_without_its_merges_is_refused()
    {
        Write("vocab.json", "{\"a\": 0}");

        Assert.Contains("merges.txt", Assert.Throws<FileNotFoundException>(() => TokenizerLoader.Load(_folder)).Message);
    }

    [Fact]
    public void A_broken_line_of_merges_is_named()
    {
        Write("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2}");
        Write("merges.txt", "#version: 0.2\na b\nabc\n");

        Assert.Contains("merges.txt, line 3: 'abc'", Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message);
    }

    [Fact]
    public void A_class_whose_rules_a_bare_vocabulary_does_not_tell_is_refused_with_advice()
    {
        Write("vocab.json", "{\"a\": 0}");
        Write("merges.txt", "");
        Write("tokenizer_config.json", "{\"tokenizer_class\": \"CLIPTokenizer\"}");

        var message = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message;

        Assert.Contains("'CLIPTokenizer'", message);
        Assert.Contains("save a tokenizer.json", message);
    }

    [Fact]
    public void Special_tokens_are_resolved_by_their_literal_form()
    {
        SaveSmall();
        Write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\", \"lstrip\": false}}");
        Write("special_tokens_map.json", "{\"bos_token\": \"</s>\", \"pad_token\": \"<pad>\"}");
        var tokenizer = TokenizerLoader.Load(_folder);

        Assert.Equal((1, 2, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
    }

    [Fact]
    public void Special_tokens_that_no_tokenizer_file_mentions_come_from_the_models_configuration()
    {
        SaveSmall();
        Write("generation_config.json", "{\"eos_token_id\": [2, 1], \"pad_token_id\": null}");
        Write("config.json", "{\"bos_token_id\": 1, \"eos_token_id\": 5, \"pad_token_id\": -1}");
        var tokenizer = TokenizerLoader.Load(_folder);

        Assert.Equal((1, 2, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
    }

    [Fact]
    public void A_special_token_that_the_tokenizers_files_set_to_null_is_one_it_does_not_have()
    {
        SaveSmall();
        Write("tokenizer_config.json", "{\"bos_token\": null}");
        Write("config.json", "{\"bos_token_id\": 1}");

        Assert.Null(TokenizerLoader.Load(_folder).BosId);
    }

    [Fact]
    public void Tokens_that_only_tokenizer_config_adds_are_found_in_text()
    {
        SaveSmall();
        var size = TokenizerLoader.Load(_folder).VocabularySize;
        Write("tokenizer_config.json", $"{{\"added_tokens_decoder\": {{\"{size}\": {{\"content\": \"<|user|>\", \"special\": true}}}}}}");
        var tokenizer = TokenizerLoader.Load(_folder);

        Assert.Equal(["a", "<|user|>", "b"], tokenizer.Tokenize("a<|user|>b"));
        Assert.Equal(size + 1, tokenizer.VocabularySize);
        Assert.Equal("ab", tokenizer.Decode(tokenizer.Encode("a<|user|>b")));
    }

    [Fact]
    public void Where_tokenizer_config_describes_an_added_token_otherwise_it_decides_on_white_space()
    {
        SaveSmall();
        Write("tokenizer_config.json", "{\"added_tokens_decoder\": {\"2\": {\"content\": \"</s>\", \"lstrip\": true, \"special\": true}}}");

        Assert.Equal(["a", "  </s>", "b"], TokenizerLoader.Load(_folder).Tokenize("a  </s>b"));
    }

    [Fact]
    public void A_lone_surrogate_is_encoded_as_the_replacement_character()
    {
        SaveSmall();
        var tokenizer = TokenizerLoader.Load(_folder);

        Assert.Equal(tokenizer.Encode("a\uFFFDb\uFFFD😀"), tokenizer.Encode("a\uD83Db\uDE00😀"));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_are_left_out_of_the_text()
    {
        SaveSmall();
        var tokenizer = TokenizerLoader.Load(_folder);

        var (a, b) = (tokenizer.TokenToId("a")!.Value, tokenizer.TokenToId("b")!.Value);
        Assert.Equal("ab", tokenizer.Decode([-1, a, 1_000_000, b, int.MaxValue]));
    }

    [Fact]
    public void The_mark_of_a_words_end_is_spelt_in_bytes_with_an_unknown_last_character()
    {
        var vocabulary = Enumerable.Range(0, 256).Select(b => $"\"<0x{b:X2}>\":{b}").Append("\"a\":256,\"a</w>\":257,\"b\":258");
        Write("tokenizer.json",
            """{"pre_tokenizer":{"type":"Whitespace"},"model":{"type":"BPE","end_of_word_suffix":"</w>","byte_fallback":true,"merges":[],"vocab":{""" + string.Join(',', vocabulary) + "}}}");
        Assert.Equal(
            ["a", "<0xC3>", "<0xA9>", "<0x3C>", "<0x2F>", "<0x77>", "<0x3E>", "b", "a</w>", "<0x62>", "<0x3C>", "<0x2F>", "<0x77>",
                "<0x3E>"],
            TokenizerLoader.Load(_folder).Tokenize("aé ba b"));
    }

    /// <summary>A tokenizer of bytes alone, with three special tokens and no word of their parts.</summary>
    private void SaveSmall()
    {
        ByteLevelBpeTrainer.Train([], 259, ["<pad>", "<s>", "</s>"]).Save(_folder);
        File.Delete(Path.Combine(_folder, "tokenizer_config.json"));
        File.Delete(Path.Combine(_folder, "special_tokens_map.json"));
    }

    private void Write(string name, string contents) => File.WriteAllText(Path.Combine(_folder, name), contents);
}
