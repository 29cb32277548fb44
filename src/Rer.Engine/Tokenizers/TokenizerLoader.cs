using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Json;
using Rer.Engine.Tokenizers.SentencePiece;

namespace Rer.Engine.Tokenizers;

/// <summary>Opens the tokenizer of a model folder.</summary>
public static class TokenizerLoader
{
    /// <summary>The tokenizer of <paramref name="folder"/>.</summary>
    /// <param name="folder">
    /// A folder with tokenizer.json, tokenizer.model, vocab.json and merges.txt, or vocab.txt; the first of these that is there is read.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or uses something that is not supported.</exception>
    public static ITokenizer Load(string folder)
    {
        try
        {
            return Open(folder);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException($"{folder}: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static ITokenizer Open(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder.");
        using var files = new TokenizerFolder(folder);
        if (files.Find("tokenizer.json") is { } json)
            return new PipelineTokenizer(TokenizerJsonReader.Read(json, files.AddedTokens()), files.SpecialTokens());
        if (files.Find("tokenizer.model", "spiece.model", "sentencepiece.bpe.model") is { } model)
            return new SentencePieceTokenizer(SentencePieceFile.Read(model), Options(files));
        if (files.Find("vocab.json") is { } vocabulary)
        {
            var merges = files.Find("merges.txt") ?? throw new FileNotFoundException(
                $"{folder}: there is a vocab.json, but not the merges.txt that belongs to it.");
            return VocabularyFiles.ByteLevelBpe(files, vocabulary, merges);
        }
        if (files.Find("vocab.txt") is { } words) return VocabularyFiles.WordPiece(files, words);
        throw new FileNotFoundException(
            $"{folder}: there is no tokenizer. One of tokenizer.json, tokenizer.model (SentencePiece), vocab.json with merges.txt, "
            + "or vocab.txt must be in the folder.");
    }

    private static SentencePieceOptions Options(TokenizerFolder files)
    {
        var (addBos, addEos) = files.TokenizerClass switch
        {
            null or "LlamaTokenizer" or "CodeLlamaTokenizer" or "GemmaTokenizer" or "PreTrainedTokenizer" => (true, false),
            "T5Tokenizer" => (false, true),
            var other => throw files.Tokenizer["tokenizer_class"].Broken(
                $"a SentencePiece model used as '{Excerpt.Of(other)}' is not supported without a tokenizer.json; "
                + "save one with transformers: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)"),
        };
        return new SentencePieceOptions(files.Tokenizer["add_bos_token"].FlagOr(addBos), files.Tokenizer["add_eos_token"].FlagOr(addEos))
        {
            AddedTokens = files.AddedTokens(),
            Special = files.SpecialTokens(),
            PrefixEachStretch = files.Tokenizer["legacy"].FlagOr(true),
        };
    }
}
