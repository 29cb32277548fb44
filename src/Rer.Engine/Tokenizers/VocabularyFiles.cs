using Rer.Engine.Input;
using Rer.Engine.Tokenizers.AddedTokens;
using Rer.Engine.Tokenizers.Decoders;
using Rer.Engine.Tokenizers.Json;
using Rer.Engine.Tokenizers.Normalizers;
using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.PostProcessors;
using Rer.Engine.Tokenizers.PreTokenizers;
using Rer.Engine.Tokenizers.Subwords;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers;

/// <summary>Tokenizers out of bare vocabularies: <c>vocab.json</c> with <c>merges.txt</c>, and <c>vocab.txt</c>.</summary>
/// <remarks>
/// Such a folder leaves out normalisation, pre-tokenizer and template; they follow from the tokenizer's class, as transformers has
/// it when it converts the class to a tokenizer.json.
/// </remarks>
internal static class VocabularyFiles
{
    private const string SaveAdvice =
        "save a tokenizer.json with transformers: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)";

    /// <summary>A byte-level BPE tokenizer of GPT-2's, RoBERTa's or Qwen2's kind.</summary>
    public static PipelineTokenizer ByteLevelBpe(TokenizerFolder files, string vocabularyFile, string mergesFile)
    {
        var vocabulary = JsonVocabulary(vocabularyFile);
        var kind = files.TokenizerClass ?? files.Model["model_type"].TextOr(null);
        var qwen = kind is "Qwen2Tokenizer" or "qwen2" or "qwen3";
        var roberta = kind is "RobertaTokenizer" or "roberta" or "BartTokenizer" or "bart";
        var gpt2 = kind is null or "GPT2Tokenizer" or "gpt2" or "GPTNeoXTokenizer" or "gpt_neox" or "PreTrainedTokenizer";
        if (!qwen && !roberta && !gpt2)
        {
            throw new InvalidDataException($"{files.Path}: vocab.json and merges.txt of a '{Excerpt.Of(kind)}' are not supported by "
                + "themselves (those of GPT2Tokenizer, RobertaTokenizer, BartTokenizer and Qwen2Tokenizer are); " + SaveAdvice + ".");
        }
        var defaults = roberta ? new[] { "<s>", "<pad>", "</s>", "<unk>", "<mask>" } : ["<|endoftext|>"];
        var added = WithSpecial(files, vocabulary, defaults, lstrip: roberta ? "<mask>" : null);
        var special = files.SpecialTokens();
        if (roberta) special = special.OrElse("<s>", "</s>", "<pad>");
        var steps = new List<IPreTokenizer>();
        if (files.Tokenizer["add_prefix_space"].FlagOr(false)) steps.Add(new PrefixSpacePreTokenizer());
        ITextPattern words = qwen ? new Llama3Pattern(1) : new Gpt2Pattern();
        steps.Add(new SplitPreTokenizer(words, SplitBehavior.Isolated, false));
        return new PipelineTokenizer(
            new PipelineParts(
                new CachedModel(new ByteLevelModel(Bpe(vocabulary, mergesFile, vocabularyFile))),
                roberta ? new RobertaPostProcessor(Id("<s>"), Id("</s>")) : Gpt2PostProcessor(files, vocabulary),
                qwen ? new UnicodeNormalizer(UnicodeForm.Nfc) : null,
                new SequencePreTokenizer(steps),
                new ByteLevelDecoder(),
                added),
            special);

        int Id(string token) => vocabulary.IdOf(token)
            ?? throw new InvalidDataException($"{vocabularyFile}: there is no '{Excerpt.Of(token)}' in it.");
    }

    /// <summary>The beginning before every text where the configuration asks for it, as OPT's does; nothing else.</summary>
    private static IPostProcessor Gpt2PostProcessor(TokenizerFolder files, Vocabulary vocabulary)
    {
        if (!files.Tokenizer["add_bos_token"].FlagOr(false)) return new PlainPostProcessor();
        var bos = vocabulary.IdOf(files.Content("bos_token") ?? "<|endoftext|>")
            ?? throw files.Tokenizer["add_bos_token"].Broken("true, but the vocabulary has no bos_token");
        TemplatePiece[] single = [new([bos], false, 0), new(null, false, 0)];
        return new TemplatePostProcessor(single, [.. single, new([bos], false, 1), new(null, true, 1)]);
    }

    /// <summary>A WordPiece tokenizer of BERT's kind.</summary>
    public static PipelineTokenizer WordPiece(TokenizerFolder files, string vocabularyFile)
    {
        if (files.TokenizerClass is not (null or "BertTokenizer" or "DistilBertTokenizer" or "ElectraTokenizer" or "PreTrainedTokenizer"))
        {
            throw files.Tokenizer["tokenizer_class"].Broken(
                $"a vocab.txt used as '{Excerpt.Of(files.TokenizerClass)}' is not supported by itself; {SaveAdvice}");
        }
        var vocabulary = TextVocabulary(vocabularyFile);
        var lowercase = files.Tokenizer["do_lower_case"].FlagOr(true);
        var stripAccents = files.Tokenizer["strip_accents"];
        var unknown = files.Content("unk_token") ?? "[UNK]";
        int cls = Id(files.Content("cls_token") ?? "[CLS]"), sep = Id(files.Content("sep_token") ?? "[SEP]");
        Id(unknown);
        return new PipelineTokenizer(
            new PipelineParts(
                new CachedModel(new WordPieceModel(vocabulary, unknown, "##", 100)),
                TemplatePostProcessor.Bert(cls, sep),
                BertNormalization.Create(
                    true,
                    files.Tokenizer["tokenize_chinese_chars"].FlagOr(true),
                    stripAccents.IsNull ? null : stripAccents.FlagOr(false),
                    lowercase),
                new SequencePreTokenizer(BertWords.Steps()),
                new WordPieceDecoder("##", true),
                WithSpecial(files, vocabulary, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], null)),
            files.SpecialTokens().OrElse(null, null, "[PAD]"));

        int Id(string token) => vocabulary.IdOf(token)
            ?? throw new InvalidDataException($"{vocabularyFile}: there is no '{Excerpt.Of(token)}' in it, as there is in that of a BERT.");
    }

    /// <summary>The folder's added tokens, and those of <paramref name="contents"/> that are in the vocabulary.</summary>
    private static List<AddedToken> WithSpecial(
        TokenizerFolder files, Vocabulary vocabulary, IReadOnlyList<string> contents, string? lstrip)
    {
        var tokens = files.AddedTokens();
        string[] names = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
        var known = tokens.Select(token => token.Content).ToHashSet();
        foreach (var content in contents.Concat(names.Select(files.Content).OfType<string>()))
            if (vocabulary.IdOf(content) is { } id && known.Add(content))
                tokens.Add(new AddedToken(id, content, StripsLeft: content == lstrip));
        return tokens;
    }

    private static BpeModel Bpe(Vocabulary vocabulary, string mergesFile, string vocabularyFile)
    {
        try
        {
            return new BpeModel(vocabulary, Merges(mergesFile), new BpeOptions());
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{mergesFile} does not go with {vocabularyFile}: {e.Message}", e);
        }
    }

    private static List<(string, string)> Merges(string file)
    {
        var merges = new List<(string, string)>();
        var lines = TokenizerFile.ReadAllText(file).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || i == 0 && line.StartsWith("#version", StringComparison.Ordinal)) continue;
            if (line.Split(' ') is not [var left, var right])
            {
                throw new InvalidDataException($"{file}, line {i + 1}: '{Excerpt.Of(line)}', where there must be two tokens and a space.");
            }
            merges.Add((left, right));
        }
        return merges;
    }

    private static Vocabulary JsonVocabulary(string file)
    {
        using var document = ConfigElement.Read(file);
        return ModelReader.Vocabulary(ConfigElement.Root(document, file));
    }

    private static Vocabulary TextVocabulary(string file)
    {
        // Lines end at \n alone: other separators are tokens in some vocabularies.
        var lines = TokenizerFile.ReadAllText(file).Split('\n');
        var ids = new Dictionary<string, int>(lines.Length);
        for (var id = 0; id < lines.Length - (lines[^1].Length == 0 ? 1 : 0); id++) ids[lines[id].TrimEnd('\r')] = id;
        return new Vocabulary(ids);
    }
}
