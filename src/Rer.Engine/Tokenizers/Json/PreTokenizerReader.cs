using System.Globalization;
using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.PreTokenizers;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>Reads <c>pre_tokenizer</c> of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    private const int MostByteLevels = 3;

    private static readonly Lazy<CodePointSet> _number = new(() => CodePointSet.Category(
        UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.OtherNumber));

    // In Rust's regex, which this step is written in, the joiners are word characters too.
    private static readonly Lazy<Pattern> _words = new(() => Pattern.Compile(@"[\w\u200C\u200D]+|[^\w\s\u200C\u200D]+"));

    /// <summary>The pre-tokenizer as one flat sequence of steps; null where the file has none.</summary>
    public static SequencePreTokenizer? Read(ConfigElement preTokenizer) =>
        preTokenizer.IsNull ? null : new SequencePreTokenizer(Checked(Steps(preTokenizer), preTokenizer));

    /// <summary>Steps that cannot make much of a text: each writing of its bytes as characters doubles all that are not ASCII.</summary>
    private static List<IPreTokenizer> Checked(IEnumerable<IPreTokenizer> all, ConfigElement at)
    {
        var steps = all.Take(ConfigElement.MostSteps + 1).ToList();
        if (steps.Count > ConfigElement.MostSteps) throw at.Broken($"more than {ConfigElement.MostSteps} steps may not follow one another");
        if (steps.Count(step => step is ByteAlphabetPreTokenizer) > MostByteLevels)
            throw at.Broken($"at most {MostByteLevels} steps may be ByteLevel");
        return steps;
    }

    private static IEnumerable<IPreTokenizer> Steps(ConfigElement element)
    {
        var type = element["type"];
        return type.Text() switch
        {
            "Sequence" => element["pretokenizers"].Steps().SelectMany(Steps),
            "ByteLevel" => ByteLevel(element),
            "Metaspace" => [Metaspace(element)],
            "Split" => [new SplitPreTokenizer(
                PatternReader.Read(element["pattern"]), Behavior(element["behavior"]), element["invert"].FlagOr(false))],
            "CharDelimiterSplit" => [At(new LiteralPattern(element["delimiter"].Character()), SplitBehavior.Removed)],
            "Whitespace" => [new SplitPreTokenizer(_words.Value, SplitBehavior.Removed, true)],
            "WhitespaceSplit" => [At(new CodePointPattern(CodePoint.IsWhiteSpace), SplitBehavior.Removed)],
            "BertPreTokenizer" => BertWords.Steps(),
            "Punctuation" => [At(
                new CodePointPattern(CodePointRanges.BertPunctuation.Contains),
                element["behavior"].IsNull ? SplitBehavior.Isolated : Behavior(element["behavior"]))],
            "Digits" => [At(
                new CodePointPattern(_number.Value.Contains),
                element["individual_digits"].FlagOr(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous)],
            "UnicodeScripts" => [new UnicodeScriptsPreTokenizer()],
            "FixedLength" => [new FixedLengthPreTokenizer(Math.Max(1, element["length"].NumberOr(5)))],
            _ => throw type.Wrong("Sequence, ByteLevel, Metaspace, Split, CharDelimiterSplit, Whitespace, WhitespaceSplit, "
                + "BertPreTokenizer, Punctuation, Digits, UnicodeScripts or FixedLength"),
        };
    }

    private static SplitPreTokenizer At(ITextPattern delimiter, SplitBehavior behavior) => new(delimiter, behavior, false);

    private static IEnumerable<IPreTokenizer> ByteLevel(ConfigElement element)
    {
        if (element["add_prefix_space"].FlagOr(true)) yield return new PrefixSpacePreTokenizer();
        if (element["use_regex"].FlagOr(true)) yield return At(new Gpt2Pattern(), SplitBehavior.Isolated);
        yield return new ByteAlphabetPreTokenizer();
    }

    private static MetaspacePreTokenizer Metaspace(ConfigElement element) => new(
        element["replacement"].CharacterOr("\u2581"), Scheme(element), element["split"].FlagOr(true));

    /// <summary>The scheme of a Metaspace; in early files the flag add_prefix_space alone told it.</summary>
    internal static PrependScheme Scheme(ConfigElement metaspace)
    {
        if (!metaspace["add_prefix_space"].FlagOr(true)) return PrependScheme.Never;
        var scheme = metaspace["prepend_scheme"];
        return scheme.TextOr("always") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw scheme.Wrong("always, first or never"),
        };
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
