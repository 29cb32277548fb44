using System.Collections;
using System.Text;

namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>The Unicode normal forms.</summary>
/// <remarks>Unicode Standard Annex 15, https://www.unicode.org/reports/tr15/.</remarks>
internal sealed class UnicodeForm
{
    private readonly bool _compatibility;
    private readonly bool _compose;

    /// <summary>Code points that can change, or change others; a text without any is in normal form.</summary>
    private readonly BitArray _active = new(0x110000);

    private UnicodeForm(bool compatibility, bool compose)
    {
        _compatibility = compatibility;
        _compose = compose;
        foreach (var c in DecompositionTable.Instance.CodePoints) _active[c] = Matters(c);
        for (var c = 0x1100; c <= 0x11FF; c++) _active[c] = compose && Hangul.Follows(c);
        for (var c = 0xAC00; c <= 0xD7A3; c++) _active[c] = !compose && Hangul.IsSyllable(c);
    }

    /// <summary>Canonical composition.</summary>
    public static UnicodeForm Nfc { get; } = new(false, true);

    /// <summary>Canonical decomposition.</summary>
    public static UnicodeForm Nfd { get; } = new(false, false);

    /// <summary>Compatibility composition.</summary>
    public static UnicodeForm Nfkc { get; } = new(true, true);

    /// <summary>Compatibility decomposition.</summary>
    public static UnicodeForm Nfkd { get; } = new(true, false);

    /// <summary>The text in this form.</summary>
    public string Normalize(string text)
    {
        if (!IsActive(text)) return text;
        var points = new List<int>(text.Length + 8);
        for (var at = 0; at < text.Length;)
        {
            DecompositionTable.Instance.Decompose(CodePoint.At(text, at, out var length), _compatibility, points);
            at += length;
        }
        Order(points);
        if (_compose) Compose(points);
        var builder = new StringBuilder(points.Count + 8);
        foreach (var point in points) builder.Append(new Rune(point));
        return builder.ToString();
    }

    private bool Matters(int c)
    {
        var table = DecompositionTable.Instance;
        if (table.Class(c) != 0) return true;
        var parts = new List<int>();
        table.Decompose(c, _compatibility, parts);
        if (_compose) Compose(parts);
        return parts.Count != 1 || parts[0] != c || _compose && table.IsSecond(c);
    }

    private bool IsActive(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\u007F') is var start && start < 0) return false;
        for (var at = start; at < text.Length;)
        {
            if (_active[CodePoint.At(text, at, out var length)]) return true;
            at += length;
        }
        return false;
    }

    /// <summary>Sorts each run of combining characters by class, equals in their order.</summary>
    private static void Order(List<int> points)
    {
        var table = DecompositionTable.Instance;
        for (var start = 0; start < points.Count; start++)
        {
            if (table.Class(points[start]) == 0) continue;
            var (end, ordered) = (start + 1, true);
            while (end < points.Count && table.Class(points[end]) is > 0 and var next)
            {
                ordered &= table.Class(points[end - 1]) <= next;
                end++;
            }
            if (!ordered)
            {
                // A text may be one run of a million.
                var run = points.GetRange(start, end - start).OrderBy(point => table.Class(point)).ToList();
                for (var i = 0; i < run.Count; i++) points[start + i] = run[i];
            }
            start = end;
        }
    }

    private static void Compose(List<int> points)
    {
        var table = DecompositionTable.Instance;
        var (starter, lastClass, kept) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var combiningClass = table.Class(point);
            // A character is blocked from its starter by one of its own class or of none between them.
            var adjacent = starter >= 0 && (kept == starter + 1 || lastClass < combiningClass && lastClass != 0);
            if (adjacent && table.Compose(points[starter], point) is { } composed)
            {
                points[starter] = composed;
                continue;
            }
            if (combiningClass == 0) starter = kept;
            lastClass = combiningClass;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }
}
