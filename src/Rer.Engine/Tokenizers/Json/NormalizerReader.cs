using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>normalizer</c> of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    /// <summary>The normalizer; null where the file has none.</summary>
    public static INormalizer? Read(ConfigElement normalizer) => normalizer.IsNull ? null : One(normalizer);

    private static INormalizer One(ConfigElement element) => element["type"].Text() switch
    {
        "Sequence" => new SequenceNormalizer(element["normalizers"].Items().Select(One).ToList()),
        "Prepend" => new PrependNormalizer(element["prepend"].Text()),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(element["pattern"]), element["content"].Text()),
        _ => throw element["type"].Wrong(
            "Sequence, Prepend, Replace"),
    };
}
