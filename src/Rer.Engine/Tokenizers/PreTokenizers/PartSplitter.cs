using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Cuts a stretch of text at delimiters.</summary>
internal static class PartSplitter
{
    /// <summary>Adds to <paramref name="output"/> the parts of <paramref name="part"/> that a pattern's matches delimit.</summary>
    /// <param name="part">What to cut.</param>
    /// <param name="delimiter">Tells the delimiters.</param>
    /// <param name="behavior">What becomes of them.</param>
    /// <param name="invert">Take what the pattern does not match for the delimiters.</param>
    /// <param name="output">Receives the parts, empty ones left out.</param>
    public static void Split(TextPart part, ITextPattern delimiter, SplitBehavior behavior, bool invert, List<TextPart> output)
    {
        if (part.Length == 0) return;
        if (behavior == SplitBehavior.Isolated)
        {
            Isolate(part, delimiter, output);
            return;
        }
        var sections = new List<(int Start, int End, bool Delimits)>();
        var at = 0;
        foreach (var match in new PatternMatches(delimiter, part.Span))
        {
            if (match.Start > at) sections.Add((at, match.Start, invert));
            sections.Add((match.Start, match.End, !invert));
            at = match.End;
        }
        if (at < part.Length) sections.Add((at, part.Length, invert));
        if (behavior != SplitBehavior.Removed)
        {
            Merge(part, sections, behavior, output);
            return;
        }
        foreach (var section in sections)
            if (!section.Delimits) Add(part, section.Start, section.End, output);
    }

    /// <summary>Cuts where <paramref name="delimits"/> holds for a code point; each such code point is one delimiter.</summary>
    public static void Split(TextPart part, Func<int, bool> delimits, SplitBehavior behavior, List<TextPart> output) =>
        Split(part, new CodePointPattern(delimits), behavior, false, output);

    private static void Isolate(TextPart part, ITextPattern delimiter, List<TextPart> output)
    {
        var at = 0;
        foreach (var match in new PatternMatches(delimiter, part.Span))
        {
            Add(part, at, match.Start, output);
            Add(part, match.Start, match.End, output);
            at = match.End;
        }
        Add(part, at, part.Length, output);
    }

    private static void Merge(
        TextPart part, List<(int Start, int End, bool Delimits)> sections, SplitBehavior behavior, List<TextPart> output)
    {
        var start = 0;
        for (var i = 0; i < sections.Count; i++)
        {
            var joins = i + 1 < sections.Count && behavior switch
            {
                SplitBehavior.MergedWithPrevious => !sections[i].Delimits && sections[i + 1].Delimits,
                SplitBehavior.MergedWithNext => sections[i].Delimits && !sections[i + 1].Delimits,
                _ => sections[i].Delimits == sections[i + 1].Delimits,
            };
            if (joins) continue;
            Add(part, start, sections[i].End, output);
            start = sections[i].End;
        }
    }

    private static void Add(TextPart part, int start, int end, List<TextPart> output)
    {
        if (end > start) output.Add(part.Slice(start, end));
    }
}
