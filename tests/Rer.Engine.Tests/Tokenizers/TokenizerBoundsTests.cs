using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>
/// The files of a tokenizer are written by others: whatever they ask for is bounded, and the error names the bound and the place.
/// </summary>
public sealed class TokenizerBoundsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rer-bounds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Patterns => new()
    {
        { Repeat("(", 100_000) + "a" + Repeat(")", 100_000), "may have 10,000 characters; this one has 200,001" },
        { Repeat("(", 4_000) + "a" + Repeat(")", 4_000), "nested more than 100 deep" },
        { Repeat("[", 9_000), "nested more than 100 deep" },
        { "(?i)" + Repeat("[", 4_000) + "a" + Repeat("]", 4_000), "nested more than 100 deep" },
        { Repeat("(?i)", 2_000), "nested more than 100 deep" },
        { Repeat("(?=", 2_000) + Repeat(")", 2_000), "nested more than 100 deep" },
        { Repeat("(?<=", 2_000) + Repeat(")", 2_000), "nested more than 100 deep" },
        { "a" + Repeat("{2}", 3_000), "nested more than 100 deep" },
        { "a" + Repeat("+", 9_000), "nested more than 100 deep" },
        { "(?:(?:a{1000}){1000}){1000}", "takes more than 50,000 steps written out" },
        { "(?:(?:(?:){1000}){1000}){1000}", "takes more than 50,000 steps written out" },
        { "(?<=(?:(?:a{1000}){1000}){1000})", "takes more than 50,000 steps written out" },
        { "a{99999999999999999999}", "an interval that is not a range within 1000" },
        { @"\x{FFFFFFFF}", "a broken hexadecimal escape" },
    };

    [Theory, MemberData(nameof(Patterns))]
    public void A_pattern_that_is_too_much_is_refused_before_it_runs(string pattern, string bound)
    {
        var error = Assert.Throws<FormatException>(() => Pattern.Compile(pattern));
        Assert.Contains(bound, error.Message);
        Assert.True(error.Message.Length < 500);

        Write(
            Bpe(preTokenizer: $$"""{"type": "Split", "pattern": {"Regex": {{JsonSerializer.Serialize(pattern)}}}, "behavior": "Isolated"}"""));
        var inFile = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder));
        Assert.StartsWith(Path.Combine(_folder, "tokenizer.json") + ", pre_tokenizer.pattern.Regex: ", inFile.Message);
    }

    [Theory]
    [InlineData("(a+)+$", "a", "b")]
    [InlineData("(a|a)*$", "a", "b")]
    [InlineData("(a|aa)+$", "a", "b")]
    [InlineData("(a*)*$", "a", "b")]
    [InlineData("(?=(a+)+$)", "a", "b")]
    [InlineData("(?>(a+)+$)", "a", "b")]
    [InlineData("(a?){1000}a{1000}", "a", "")]
    [InlineData("(?:a?b?c?)*d", "abc", "")]
    public void A_pattern_that_backtracks_without_end_is_stopped(string pattern, string repeated, string last)
    {
        var text = Repeat(repeated, 60) + last;
        var compiled = Pattern.Compile(pattern, "tokenizer.json, pre_tokenizer.pattern.Regex");
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var _ in new PatternMatches(compiled, text))
            {
                // Only looking for matches counts.
            }
        });
        Assert.StartsWith(
            "tokenizer.json, pre_tokenizer.pattern.Regex: the regular expression takes more than 20,000 steps for each character",
            error.Message);
    }

    [Fact]
    public void A_long_run_of_spaces_is_still_split_by_a_pattern_that_looks_for_the_last()
    {
        var text = new string(' ', 2_000) + "x" + new string(' ', 10);
        var matches = new List<(int, int)>();
        foreach (var match in new PatternMatches(Pattern.Compile(@"\s+$"), text)) matches.Add(match);
        Assert.Equal([(2_001, 2_011)], matches);
    }

    [Fact]
    public void A_class_of_ten_thousand_characters_is_looked_up_as_fast_as_one()
    {
        var characters = string.Concat(Enumerable.Range(0x4E00, 9_900).Select(c => (char)c));
        var pattern = Pattern.Compile($"[{characters}]+");
        var text = Repeat(characters, 100);
        var found = new List<(int, int)>();
        foreach (var match in new PatternMatches(pattern, text)) found.Add(match);
        Assert.Equal([(0, text.Length)], found);
    }

    [Theory]
    [InlineData("""{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""", 30, "a", "normalizer.normalizers[")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": ""}, "content": "aaaaaaaaaa"}""", 10, "a", "normalizer.normalizers[")]
    [InlineData("""{"type": "ByteLevel"}""", 30, "é", "normalizer: makes more than 4,")]
    [InlineData("""{"type": "Prepend", "prepend": "0123456789012345678901234567890123456789012345678901234567890123456789"}""", 100, "a",
        "normalizer.normalizers[58]")]
    public void Normalizers_that_double_the_text_are_stopped(string step, int count, string text, string place)
    {
        Write(Bpe(normalizer: $$"""{"type": "Sequence", "normalizers": [{{string.Join(',', Enumerable.Repeat(step, count))}}]}"""));
        var tokenizer = TokenizerLoader.Load(_folder);
        var error = Assert.Throws<InvalidDataException>(() => tokenizer.Encode(text));
        Assert.StartsWith(Path.Combine(_folder, "tokenizer.json") + ", " + place, error.Message);
        Assert.Contains("32 times as many and 4,096 are the bound", error.Message);
    }

    [Fact]
    public void A_replacement_of_a_megabyte_is_not_put_into_every_place_of_a_text()
    {
        Write(
            Bpe(normalizer: """{"type": "Replace", "pattern": {"String": "a"}, "content": "MANY"}""".Replace("MANY",
                new string('b', 1_000_000))));
        var error = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder).Encode(new string('a', 100_000)));
        Assert.Contains("tokenizer.json, normalizer: makes more than 3,204,096 characters of 100,000", error.Message);
    }

    [Fact]
    public void Decoders_that_double_the_text_are_stopped()
    {
        var step = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aaaaaaaa"}""";
        Write(Bpe(decoder: $$"""{"type": "Sequence", "decoders": [{{string.Join(',', Enumerable.Repeat(step, 30))}}]}"""));
        var tokenizer = TokenizerLoader.Load(_folder);
        var error = Assert.Throws<InvalidDataException>(() => tokenizer.Decode([0, 0, 0]));
        Assert.StartsWith(Path.Combine(_folder, "tokenizer.json") + ", decoder", error.Message);
    }

    public static TheoryData<string, string> Files => new()
    {
        { Bpe(
            preTokenizer: $$"""{"type": "Sequence", "pretokenizers": [{{string.Join(',', Enumerable.Repeat("""{"type": "ByteLevel", "use_regex": false}""", 4))}}]}"""), "pre_tokenizer: at most 3 steps may be ByteLevel" },
        { Bpe(
            preTokenizer: $$"""{"type": "Sequence", "pretokenizers": [{{string.Join(',', Enumerable.Repeat("""{"type": "Digits"}""", 101))}}]}"""), "pre_tokenizer.pretokenizers: 101 steps, and at most 100 may follow one another" },
        { Bpe(
            normalizer: $$"""{"type": "Sequence", "normalizers": [{{string.Join(',', Enumerable.Repeat("""{"type": "NFC"}""", 101))}}]}"""),
            "normalizer.normalizers: 101 steps, and at most 100 may follow one another" },
        { Bpe(decoder: $$"""{"type": "Sequence", "decoders": [{{string.Join(',', Enumerable.Repeat("""{"type": "Fuse"}""", 101))}}]}"""),
            "decoder.decoders: 101 steps, and at most 100 may follow one another" },
        { Bpe(normalizer: Repeat("""{"type": "Sequence", "normalizers": [""", 5_000) + Repeat("]}", 5_000)),
            "tokenizer.json: the file is broken, not JSON (" },
        { Bpe(preTokenizer: """{"type": "CharDelimiterSplit", "delimiter": ""}"""),
            "pre_tokenizer.delimiter: \"\", where there must be one character" },
        { Bpe(preTokenizer: """{"type": "Metaspace", "replacement": "ab"}"""),
            "pre_tokenizer.replacement: \"ab\", where there must be one character" },
        { Bpe(decoder: """{"type": "CTC", "pad_token": ""}"""), "decoder.pad_token: \"\", where there must be a text that is not empty" },
        { Bpe(decoder: """{"type": "BPEDecoder", "suffix": ""}"""), "decoder.suffix: \"\", where there must be a text that is not empty" },
        { Bpe(decoder: """{"type": "Strip", "content": "", "start": 2147483647, "stop": 0}"""),
            "decoder.content: \"\", where there must be one character" },
        { Bpe(
            postProcessor: $$"""{"type": "TemplateProcessing", "single": [{{string.Join(',', Enumerable.Repeat("""{"Sequence": {"id": "A"}}""", 101))}}], "pair": []}"""), "post_processor.single: 101 steps" },
        { """{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 2147483647}, "unk_token": "a"}}""",
            "model.vocab.b: 2147483647, where there must be a whole number >= 0 and below 16,777,216" },
        { """{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 16777215}, "unk_token": "a"}}""",
            "model.vocab: 'b' has the id 16,777,215, of 2 tokens" },
        { $$$"""{"model": {"type": "WordLevel", "vocab": {"{{{new string('a', 5_000)}}}": 0}, "unk_token": "a"}}""",
            "model.vocab: a token of 5,000 characters" },
        { $$$"""{"model": {"type": "Unigram", "vocab": [["{{{new string('a', 5_000)}}}", 0]], "unk_id": 0}}""",
            "model.vocab[0][0]: a token of 5,000 characters" },
        { $$$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "{{{new string('a', 61)}}}"}}""",
            "model.end_of_word_suffix: a mark may have 60 characters" },
        { """{"model": {"type": "WordLevel", "vocab": {"a": 0, "\ud800": 1}, "unk_token": "a"}}""",
            "model.vocab: a text with half of a surrogate pair, which is no character" },
        { """{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "\udc00"}}""",
            "model.unk_token: a text with half of a surrogate pair, which is no character" },
        { $$"""{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}, "added_tokens": [{"id": 1, "content": "{{new string('a', 5_000)}}"}]}""", "added_tokens[0].content: a token of 5,000 characters" },
    };

    [Theory, MemberData(nameof(Files))]
    public void A_tokenizer_json_that_asks_for_too_much_is_refused_with_its_place(string json, string expected)
    {
        Write(json);
        var error = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(_folder, error.Message);
        Assert.True(error.Message.Length < 600);
    }

    [Fact]
    public void A_file_that_is_larger_than_any_tokenizer_is_not_read()
    {
        var file = Path.Combine(_folder, "tokenizer.json");
        using (var stream = File.Create(file)) stream.SetLength(300L << 20);
        Assert.Equal($"{file}: has more than 256 MiB, which is more than any tokenizer's file.",
            Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message);
        File.Move(file, Path.Combine(_folder, "tokenizer.model"));
        Assert.Contains("tokenizer.model: has more than 256 MiB",
            Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder)).Message);
    }

    [Theory]
    [InlineData("0aff ffff ff07", "the data end in the middle of a field")]
    [InlineData("0aff ffff ffff ffff ffff 01", "the data end in the middle of a field")]
    [InlineData("0a00", "piece 0 is empty")]
    [InlineData("0a08 0a01 6115 0000 c07f", "piece 0, 'a', has the score NaN, which is no number")]
    public void A_SentencePiece_file_that_claims_more_than_it_has_is_refused(string bytes, string expected)
    {
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"),
            Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        var error = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(Path.Combine(_folder, "tokenizer.model"), error.Message);
    }

    [Fact]
    public void A_SentencePiece_map_whose_replacements_are_huge_is_stopped()
    {
        // A trie of one key, 'a', whose value is place 0 of the replacements.
        var map = new byte[4 + 4 * 512 + 100_001];
        BitConverter.TryWriteBytes(map, 4 * 512);
        void Unit(int at, uint unit) => BitConverter.TryWriteBytes(map.AsSpan(4 + 4 * at), unit);
        Unit(0, 256u << 10);
        Unit(256 ^ 'a', 'a' | 1u << 8 | 1u << 10);
        Unit(256 ^ 'a' ^ 1, 0x80000000);
        map.AsSpan(4 + 4 * 512, 100_000).Fill((byte)'b');
        var pieces = SmallModel.Write(bpe: true, [("b", 0, SmallModel.Normal)]);
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), [.. pieces, .. SmallModel.Normalizer(map)]);
        var error = Assert.Throws<InvalidDataException>(() => TokenizerLoader.Load(_folder).Encode("aaaa"));
        Assert.StartsWith(Path.Combine(_folder, "tokenizer.model") + ", the normalisation's character map: makes more than", error.Message);
    }

    [Fact]
    public void Unused_pieces_made_of_one_another_a_thousand_times_are_taken_apart()
    {
        var pieces = Enumerable.Range(2, 3_000).Select(length => (new string('a', length), (float)-length, SmallModel.Unused));
        File.WriteAllBytes(
            Path.Combine(_folder, "tokenizer.model"),
            SmallModel.Write(bpe: true, [("a", 0, SmallModel.Normal), .. pieces], dummyPrefix: false, tidySpaces: false));
        var tokenizer = TokenizerLoader.Load(_folder);
        Assert.Equal(Enumerable.Repeat(3, 3_001), tokenizer.Encode(new string('a', 3_001), addSpecialTokens: false));
    }

    [Fact]
    public void A_long_word_is_split_as_a_short_one_and_takes_no_longer_than_its_length()
    {
        var tokens = new[] { "[UNK]", "ab", "##ab", "##a", "##b", "##" + new string('c', 2_000), "c", "##c" };
        var vocabulary = string.Join(',', tokens.Select((token, id) => $"\"{token}\": {id}"));
        Write(
            """{"model": {"type": "WordPiece", "vocab": {ALL}, "unk_token": "[UNK]", "max_input_chars_per_word": 2147483647}}""".Replace("ALL", vocabulary));
        var tokenizer = TokenizerLoader.Load(_folder);
        Assert.Equal([1, .. Enumerable.Repeat(2, 99_999)], tokenizer.Encode(Repeat("ab", 100_000)));
        Assert.Equal([6, .. Enumerable.Repeat(7, 1_998)], tokenizer.Encode(new string('c', 1_999)));
        Assert.Equal([6, 5, 7], tokenizer.Encode(new string('c', 2_002)));
        Assert.Equal([1, 3], tokenizer.Encode("aba"));
        Assert.Equal([0], tokenizer.Encode(Repeat("ab", 1_000) + "x"));
    }

    [Fact]
    public void A_run_of_a_million_marks_is_ordered()
    {
        var text = "e" + Repeat("\u0301\u0323", 500_000);
        var normal = UnicodeForm.Nfd.Normalize(text);
        Assert.Equal("e" + new string('\u0323', 500_000) + new string('\u0301', 500_000), normal);
    }

    [Fact]
    public void White_space_that_a_token_swallows_is_gone_through_once()
    {
        var matcher = new AddedTokenMatcher(
        [
            ("<a>", new AddedToken(0, "<a>", StripsRight: true)),
            (" ", new AddedToken(1, " ", StripsLeft: true, StripsRight: true)),
        ]);
        var ids = new List<int>();
        matcher.Split("<a>" + new string(' ', 1_000_000) + "x", (token, start, end) =>
        {
            Assert.True(start <= end);
            ids.Add(token?.Id ?? -1);
        });
        Assert.Equal(1_000_002, ids.Count);
    }

    private void Write(string json) => File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), json, new UTF8Encoding(false));

    private static string Bpe(string normalizer = "null", string preTokenizer = "null", string decoder = "null",
        string postProcessor = "null") => $$$"""
        {"normalizer": {{{normalizer}}}, "pre_tokenizer": {{{preTokenizer}}}, "decoder": {{{decoder}}}, "post_processor": {{{postProcessor}}},
        "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [], "unk_token": "b"}}
        """;

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
