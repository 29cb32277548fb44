using System.Text;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Texts taken apart and put together.</summary>
internal static class TextSplit
{
    /// <summary>Python's `split` and `rsplit`.</summary>
    public static List<object?> Split(string text, Arguments given, bool fromEnd)
    {
        var (separator, most) = (given.Text(0, "sep"), given.Integer(1, "maxsplit") ?? -1);
        if (separator is { Length: 0 }) throw new EvaluationException("a text cannot be split at nothing.");
        if (most < 0) most = long.MaxValue;
        var parts = separator is null ? Words(text, most, fromEnd)
            : fromEnd ? SplitFromEnd(text, separator, most) : SplitFromStart(text, separator, most);
        given.Budget.Hold(parts.Count);
        return parts;
    }

    /// <summary>Python's `splitlines`: at every kind of line end.</summary>
    public static List<object?> Lines(string text, bool keepEnds, RenderBudget budget)
    {
        var lines = new List<object?>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && !EndsLine(text[end])) end++;
            var next = end < text.Length ? end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1) : end;
            budget.Hold(1);
            lines.Add(text[at..(keepEnds ? next : end)]);
            at = next;
        }
        return lines;
    }

    /// <summary>Python's `partition` and `rpartition`: before, the separator, behind.</summary>
    public static TupleValue Partition(string text, string separator, bool fromEnd)
    {
        if (separator.Length == 0) throw new EvaluationException("a text cannot be split at nothing.");
        var at = fromEnd ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0) return new TupleValue(fromEnd ? ["", "", text] : [text, "", ""]);
        return new TupleValue([text[..at], separator, text[(at + separator.Length)..]]);
    }

    /// <summary>The first <paramref name="count"/> of a part replaced; all where it is negative.</summary>
    public static string Replace(string text, string old, string by, long count, RenderBudget budget)
    {
        if (count < 0) count = long.MaxValue;
        budget.Write(text.Length);
        var replaced = new StringBuilder();
        if (old.Length == 0)
        {
            // Nothing stands before each character and at the end.
            foreach (var character in TextIndex.Characters(text).Append(null))
            {
                if (count-- > 0)
                {
                    budget.Write(by.Length);
                    replaced.Append(by);
                }
                replaced.Append((string?)character);
            }
            return replaced.ToString();
        }
        var at = 0;
        while (count-- > 0 && text.IndexOf(old, at, StringComparison.Ordinal) is >= 0 and var next)
        {
            budget.Write(by.Length);
            replaced.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }
        return replaced.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Texts with a separator between them.</summary>
    public static string Join(string separator, IReadOnlyList<string> parts, RenderBudget budget)
    {
        foreach (var part in parts) budget.Write(part.Length + separator.Length);
        return string.Join(separator, parts);
    }

    private static bool EndsLine(char c) =>
        c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    private static List<object?> SplitFromStart(string text, string separator, long most)
    {
        var parts = new List<object?>();
        var at = 0;
        while (parts.Count < most && text.IndexOf(separator, at, StringComparison.Ordinal) is >= 0 and var next)
        {
            parts.Add(text[at..next]);
            at = next + separator.Length;
        }
        parts.Add(text[at..]);
        return parts;
    }

    private static List<object?> SplitFromEnd(string text, string separator, long most)
    {
        var parts = new List<object?>();
        var end = text.Length;
        while (parts.Count < most && text.AsSpan(0, end).LastIndexOf(separator) is >= 0 and var next)
        {
            parts.Add(text[(next + separator.Length)..end]);
            end = next;
        }
        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>Split at white space; what is left over behind the last cut keeps the white space within it and at its far end.</summary>
    private static List<object?> Words(string text, long most, bool fromEnd)
    {
        var words = new List<object?>();
        var (from, to) = (0, text.Length);
        while (true)
        {
            while (from < to && TextMethods.IsSpace(text[from])) from++;
            while (to > from && (fromEnd || words.Count >= most) && TextMethods.IsSpace(text[to - 1])) to--;
            if (from == to) break;
            if (words.Count >= most)
            {
                words.Add(fromEnd ? text[..to] : text[from..]);
                break;
            }
            var (begin, end) = (from, to);
            if (fromEnd)
            {
                for (begin = to; begin > from && !TextMethods.IsSpace(text[begin - 1]);) begin--;
                to = begin;
            }
            else
            {
                for (end = from; end < to && !TextMethods.IsSpace(text[end]);) end++;
                from = end;
            }
            words.Add(text[begin..end]);
        }
        if (fromEnd) words.Reverse();
        return words;
    }
}
