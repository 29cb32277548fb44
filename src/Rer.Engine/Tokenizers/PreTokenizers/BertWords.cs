using Rer.Engine.Tokenizers.Patterns;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>BERT's words: split at white space, with every punctuation character a word of its own.</summary>
internal static class BertWords
{
    /// <summary>The steps, in order.</summary>
    public static IReadOnlyList<IPreTokenizer> Steps() =>
    [
        new SplitPreTokenizer(new CodePointPattern(CodePoint.IsWhiteSpace), SplitBehavior.Removed, false),
        new SplitPreTokenizer(new CodePointPattern(CodePointRanges.BertPunctuation.Contains), SplitBehavior.Isolated, false),
    ];
}
