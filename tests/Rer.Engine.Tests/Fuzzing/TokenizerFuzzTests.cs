using System.Text;
using System.Text.Json;
using Rer.Engine.Tests.Tokenizers;
using Rer.Engine.Tokenizers;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Whatever a tokenizer's file is, it encodes and decodes, or ends in an <see cref="InvalidDataException"/> that names the
/// file.</summary>
public sealed class TokenizerFuzzTests : IDisposable
{
    private static readonly string[] _texts = ["", "a", "It's a   test: 123 é 漢字 😀\n\nend ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
        "<s> <mask>  \u2581x\u2581\u2581 ", "\ud800 A\u0301\u0323 ﷺ"];

    private static readonly string[] _words =
    [
        "\"type\":", "\"Sequence\"", "\"normalizers\":", "\"pretokenizers\":", "\"decoders\":", "\"Replace\"", "\"Split\"",
        "\"ByteLevel\"", "\"Metaspace\"", "\"Strip\"", "\"Prepend\"", "\"NFKC\"", "\"Precompiled\"", "\"BertNormalizer\"", "\"Digits\"",
        "\"Punctuation\"", "\"WhitespaceSplit\"", "\"UnicodeScripts\"", "\"FixedLength\"", "\"CTC\"", "\"WordPiece\"", "\"BPE\"",
        "\"Unigram\"", "\"WordLevel\"", "\"ByteFallback\"", "\"Fuse\"", "\"BPEDecoder\"", "\"TemplateProcessing\"",
        "\"RobertaProcessing\"", "\"BertProcessing\"", "\"Regex\":", "\"String\":", "\"pattern\":", "\"content\":", "\"vocab\":",
        "\"merges\":", "\"unk_token\":", "\"unk_id\":", "\"byte_fallback\":", "\"fuse_unk\":", "\"continuing_subword_prefix\":",
        "\"end_of_word_suffix\":", "\"max_input_chars_per_word\":", "\"added_tokens\":", "\"lstrip\": true", "\"rstrip\": true",
        "\"single_word\": true", "\"normalized\": true", "\"invert\": true", "\"behavior\":", "\"Isolated\"", "\"Contiguous\"",
        "\"length\":", "\"ignore_merges\": true", "null", "true", "false", "0", "1", "-1", "2147483647", "1e999", "-1e999", "0.5", "[]",
        "{}", "[", "]", "{", "}", ",", ":", "\"\"", "\"a\"", "\"a b\"", "\"\\ud800\"", "\"(a+)+$\"", "\"\\u2581\"", "\"##\"",
        "\"<0x41>\"", "\" \"",
    ];

    /// <summary>Lengths of a protocol buffer that promise more than there is.</summary>
    private static readonly string[] _numbers = ["\u007f", "\u0008\u0000", "\u0010\u007f", "\u001a\u007f", "\u2581"];

    private readonly string _folder = Directory.CreateTempSubdirectory("rer-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_tokenizer_json_is_a_tokenizer_or_says_where_it_is_not()
    {
        Reading.Run(FuzzSeeds.Texts("tokenizer"), TextMutations.Json(_words), json =>
        {
            File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), json, new UTF8Encoding(false));
            CheckFolder();
        });
    }

    [Fact]
    public void A_tokenizer_config_goes_with_its_tokenizer_or_says_where_it_does_not()
    {
        string[] tokens = ["<|endoftext|>", "a", "b", "ab", "<s>", "</s>", "<pad>", "<unk>", "<mask>"];
        var vocabulary = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), JsonSerializer.Serialize(vocabulary));
        File.WriteAllText(Path.Combine(_folder, "merges.txt"), "#version: 0.2\na b\n");
        string[] words = [.. _words, "\"tokenizer_class\":", "\"added_tokens_decoder\":", "\"bos_token\":", "\"add_bos_token\":",
            "\"GPT2Tokenizer\"", "\"BartTokenizer\"", "\"16777216\":", "\"-1\":"];
        Reading.Run(FuzzSeeds.Texts("tokenizer-config"), TextMutations.Json(words), json =>
        {
            File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), json, new UTF8Encoding(false));
            CheckFolder();
        });
    }

    [Fact]
    public void A_SentencePiece_model_is_a_tokenizer_or_says_where_it_is_not()
    {
        (string, float, int)[] pieces =
        [
            ("\u2581", -2, SmallModel.Normal), ("a", -3, SmallModel.Normal), ("\u2581a", -1, SmallModel.Normal),
                ("aa", -2.5f, SmallModel.Unused), ("test", -4, SmallModel.UserDefined),
            ("<0x41>", 0, SmallModel.Byte), ("b", -5, SmallModel.Normal),
        ];
        byte[] map = [8, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, (byte)'b', 0];
        List<byte[]> seeds =
        [
            SmallModel.Write(bpe: true, pieces, byteFallback: true), SmallModel.Write(bpe: false, pieces),
                SmallModel.Write(bpe: false, pieces, dummyPrefix: false, tidySpaces: false),
            [.. SmallModel.Write(bpe: true, pieces), .. SmallModel.Normalizer(map)],
        ];
        Reading.Run(seeds, ByteMutations.With(_numbers), model =>
        {
            File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), model);
            CheckFolder();
        });
    }

    private void CheckFolder()
    {
        try
        {
            var tokenizer = TokenizerLoader.Load(_folder);
            foreach (var text in _texts)
            {
                var ids = tokenizer.Encode(text);
                tokenizer.EncodePair(text, "a b");
                tokenizer.Tokenize(text);
                tokenizer.Decode(ids);
                tokenizer.Decode(ids, skipSpecialTokens: false);
                Assert.All(ids, id => Assert.InRange(id, 0, int.MaxValue));
            }
        }
        catch (InvalidDataException error)
        {
            Assert.True(error.Message.Length < 2_000, error.Message[..Math.Min(error.Message.Length, 300)]);
            Assert.StartsWith(_folder, error.Message);
        }
    }
}
