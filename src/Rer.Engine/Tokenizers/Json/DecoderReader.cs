using Rer.Engine.Tokenizers.Decoders;
using Rer.Engine.Tokenizers.Normalizers;
using Rer.Engine.Tokenizers.PreTokenizers;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>decoder</c> of a tokenizer.json.</summary>
internal static class DecoderReader
{
    /// <summary>The decoder; null where the file has none.</summary>
    public static IDecoder? Read(ConfigElement decoder) => decoder.IsNull ? null : One(decoder);

    private static IDecoder One(ConfigElement element) => element["type"].Text() switch
    {
        "Sequence" => new SequenceDecoder(element["decoders"].Steps().Select(One).ToList(), element.Place),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Replace" => new ReplaceDecoder(
            new ReplaceNormalizer(PatternReader.Read(element["pattern"]), element["content"].Text(), element.Place)),
        "Strip" => new StripDecoder(element["content"].Character(), element["start"].NumberOr(0), element["stop"].NumberOr(0)),
        "WordPiece" => new WordPieceDecoder(element["prefix"].TextOr("##")!, element["cleanup"].FlagOr(true)),
        "Metaspace" => new MetaspaceDecoder(
            element["replacement"].CharacterOr("\u2581"), PreTokenizerReader.Scheme(element) != PrependScheme.Never),
        "BPEDecoder" => new SuffixDecoder(element["suffix"].TextOr("</w>", atLeast: 1)),
        "CTC" => new CtcDecoder(
            element["pad_token"].TextOr("<pad>", atLeast: 1),
            element["word_delimiter_token"].TextOr("|", atLeast: 1),
            element["cleanup"].FlagOr(true)),
        _ => throw element["type"].Wrong(
            "Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, WordPiece, Metaspace, BPEDecoder or CTC"),
    };
}
