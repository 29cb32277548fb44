using Rer.Engine.Tokenizers.Normalizers;
using Rer.Engine.Tokenizers.SentencePiece;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    /// <summary>The normalizer; null where the file has none.</summary>
    public static INormalizer? Read(ConfigElement normalizer) => normalizer.IsNull ? null : One(normalizer);

    private static INormalizer One(ConfigElement element) => element["type"].Text() switch
    {
        "Sequence" => new SequenceNormalizer(element["normalizers"].Steps().Select(One).ToList(), element.Place),
        "Prepend" => new PrependNormalizer(element["prepend"].Text(), element.Place),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(element["pattern"]), element["content"].Text(), element.Place),
        "NFC" => new UnicodeNormalizer(UnicodeForm.Nfc),
        "NFD" => new UnicodeNormalizer(UnicodeForm.Nfd),
        "NFKC" => new UnicodeNormalizer(UnicodeForm.Nfkc),
        "NFKD" => new UnicodeNormalizer(UnicodeForm.Nfkd),
        "Lowercase" => MapNormalizer.Lowercase,
        "StripAccents" => MapNormalizer.StripAccents,
        "Nmt" => MapNormalizer.Nmt,
        "Strip" => new StripNormalizer(element["strip_left"].FlagOr(true), element["strip_right"].FlagOr(true)),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Precompiled" => Precompiled(element["precompiled_charsmap"]),
        "BertNormalizer" => BertNormalization.Create(
            element["clean_text"].FlagOr(true),
            element["handle_chinese_chars"].FlagOr(true),
            element["strip_accents"].IsNull ? null : element["strip_accents"].FlagOr(true),
            element["lowercase"].FlagOr(true)),
        _ => throw element["type"].Wrong("Sequence, Prepend, Replace, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, "
            + "Nmt, ByteLevel, Precompiled or BertNormalizer"),
    };

    private static INormalizer Precompiled(ConfigElement map)
    {
        // An empty map changes nothing; models trained with the identity rule carry one.
        if (map.IsNull || map.Text().Length == 0) return new SequenceNormalizer([], map.Place);
        try
        {
            return new PrecompiledNormalizer(new CharacterMap(Convert.FromBase64String(map.Text())), map.Place);
        }
        catch (FormatException e)
        {
            throw map.Broken(e.Message, e);
        }
    }
}
