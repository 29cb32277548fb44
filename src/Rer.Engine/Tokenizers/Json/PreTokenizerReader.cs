using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.PreTokenizers;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The pre-tokenizer as one flat sequence of steps; null where the file has none.</summary>
    public static SequencePreTokenizer? Read(ConfigElement preTokenizer) =>
        preTokenizer.IsNull ? null : new SequencePreTokenizer(Steps(preTokenizer).ToList());

    private static IEnumerable<IPreTokenizer> Steps(ConfigElement element)
    {
        switch (element["type"].Text())
        {
            case "Sequence": return element["pretokenizers"].Items().SelectMany(Steps);
            case "ByteLevel": return ByteLevel(element);
            case "Split":
                return [new SplitPreTokenizer(
                    PatternReader.Read(element["pattern"]), Behavior(element["behavior"]), element["invert"].FlagOr(false))];
            default:
                throw element["type"].Wrong("Sequence, ByteLevel, Split");
        }
    }

    private static IEnumerable<IPreTokenizer> ByteLevel(ConfigElement element)
    {
        if (element["add_prefix_space"].FlagOr(true)) yield return new PrefixSpacePreTokenizer();
        if (element["use_regex"].FlagOr(true)) yield return new SplitPreTokenizer(new Gpt2Pattern(), SplitBehavior.Isolated, false);
        yield return new ByteAlphabetPreTokenizer();
    }

    private static SplitBehavior Behavior(ConfigElement behavior) => behavior.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw behavior.Wrong("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
    };
}
