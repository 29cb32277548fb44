using Rer.Engine.Tokenizers.Decoders;
using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>decoder</c> of a tokenizer.json.</summary>
internal static class DecoderReader
{
    /// <summary>The decoder; null where the file has none.</summary>
    public static IDecoder? Read(ConfigElement decoder) => decoder.IsNull ? null : One(decoder);

    private static IDecoder One(ConfigElement element) => element["type"].Text() switch
    {
        "Sequence" => new SequenceDecoder(element["decoders"].Items().Select(One).ToList()),
        "ByteLevel" => new ByteLevelDecoder(),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Replace" => new ReplaceDecoder(new ReplaceNormalizer(PatternReader.Read(element["pattern"]), element["content"].Text())),
        "Strip" => new StripDecoder(element["content"].Text(), element["start"].NumberOr(0), element["stop"].NumberOr(0)),
        _ => throw element["type"].Wrong("Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip"),
    };
}
