using System.Globalization;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>A set of Unicode code points, kept as ranges: whatever sets a pattern makes of sets, one is asked as fast as another.</summary>
internal sealed class CodePointSet
{
    private const int End = 0x110000;

    // Below this many ranges a search among them is as fast as a table.
    private const int MostWithoutTable = 4;

    private static readonly Lazy<CodePointSet[]> _categories = new(ReadCategories);
    private static readonly Lazy<CodePointSet> _space = new(() => Where(CodePoint.IsWhiteSpace));
    private static readonly Lazy<CodePointSet> _word = new(() => Where(IsWord));

    // Code points that have another case, with all that they turn into.
    private static readonly Lazy<(int CodePoint, int[] Variants)[]> _cased = new(() => Enumerable.Range(0, 0x20000)
        .Select(c => (c, CodePoint.CaseVariants(c)))
        .Where(pair => pair.Item2.Any(variant => variant != pair.c))
        .ToArray());

    // What turns into a code point when its case is changed.
    private static readonly Lazy<ILookup<int, int>> _turningInto = new(() => _cased.Value
        .SelectMany(cased => cased.Variants.Distinct().Select(variant => (variant, cased.CodePoint)))
        .ToLookup(pair => pair.variant, pair => pair.CodePoint));

    // Where membership changes: the set begins at the first, ends before the second, begins again at the third, ...
    private readonly int[] _changes;
    private readonly UInt128 _ascii;
    private readonly ulong[]? _table;

    private CodePointSet? _complement;

    private CodePointSet(int[] changes)
    {
        _changes = changes;
        for (var i = 0; i < changes.Length; i += 2)
            for (var c = changes[i]; c < Math.Min(128, Last(i)); c++) _ascii |= UInt128.One << c;
        if (changes.Length <= 2 * MostWithoutTable) return;
        _table = new ulong[0x10000 / 64];
        for (var i = 0; i < changes.Length; i += 2)
            for (var c = changes[i]; c < Math.Min(0x10000, Last(i)); c++) _table[c >> 6] |= 1UL << c;
    }

    /// <summary>No code point.</summary>
    public static CodePointSet Empty { get; } = new([]);

    /// <summary>All code points.</summary>
    public static CodePointSet All { get; } = new([0]);

    /// <summary>White_Space, as <c>\s</c> has it.</summary>
    public static CodePointSet Space => _space.Value;

    /// <summary>Decimal digits, as <c>\d</c> has it.</summary>
    public static CodePointSet Digit => _categories.Value[(int)UnicodeCategory.DecimalDigitNumber];

    /// <summary>What <c>\w</c> matches outside of brackets.</summary>
    public static CodePointSet Word => _word.Value;

    /// <summary>Hexadecimal digits: in Ruby's syntax <c>\h</c>.</summary>
    public static CodePointSet HexDigit { get; } = Union([Range('0', '9'), Range('A', 'F'), Range('a', 'f')]);

    /// <summary>
    /// Alphabetic, marks, decimal digits, connector punctuation; and, as Oniguruma's table of Latin-1 has it, superscript digits
    /// and fractions.
    /// </summary>
    public static bool IsWord(int c) => CodePoint.IsWord(c) || c is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE);

    /// <summary>Whether <paramref name="codePoint"/> belongs to the set.</summary>
    public bool Contains(int codePoint)
    {
        if (codePoint < 128) return (_ascii >> codePoint & 1) != 0;
        if (_table is not null && codePoint < 0x10000) return (_table[codePoint >> 6] >> codePoint & 1) != 0;
        var at = Array.BinarySearch(_changes, codePoint);
        return at >= 0 ? (at & 1) == 0 : (~at & 1) != 0;
    }

    /// <summary>All code points that satisfy a predicate.</summary>
    public static CodePointSet Where(Func<int, bool> predicate)
    {
        var changes = new List<int>();
        for (var (c, inside) = (0, false); c < End; c++)
        {
            if (predicate(c) == inside) continue;
            inside = !inside;
            changes.Add(c);
        }
        return new CodePointSet([.. changes]);
    }

    /// <summary>All code points of any of the general categories.</summary>
    public static CodePointSet Category(params ReadOnlySpan<UnicodeCategory> categories)
    {
        var sets = new List<CodePointSet>();
        foreach (var category in categories) sets.Add(_categories.Value[(int)category]);
        return Union(sets);
    }

    /// <summary>One code point.</summary>
    public static CodePointSet Single(int codePoint) => Range(codePoint, codePoint);

    /// <summary>One code point, and every other that differs from it by case alone.</summary>
    public static CodePointSet AnyCase(int codePoint) =>
        Union([Single(codePoint), .. _turningInto.Value[codePoint].Select(Single)]);

    /// <summary>Code points from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public static CodePointSet Range(int first, int last) => new([first, last + 1]);

    /// <summary>Everything outside this set.</summary>
    public CodePointSet Negate()
    {
        if (_complement is not null) return _complement;
        var complement = new CodePointSet(_changes is [0, ..] ? _changes[1..] : [0, .. _changes]) { _complement = this };
        return _complement = complement;
    }

    /// <summary>What is in any of the sets.</summary>
    public static CodePointSet Union(IReadOnlyCollection<CodePointSet> sets) =>
        sets.Count == 1 ? sets.First() : Union(sets.Distinct().SelectMany(set => set.Ranges()).ToList());

    private static CodePointSet Union(List<(int First, int End)> ranges)
    {
        ranges.Sort();
        var changes = new List<int>();
        foreach (var (first, end) in ranges)
        {
            if (changes.Count > 0 && first <= changes[^1]) changes[^1] = Math.Max(changes[^1], end);
            else changes.AddRange([first, end]);
        }
        // A set that goes on to the last code point has no end.
        if (changes.Count > 0 && changes[^1] >= End) changes.RemoveAt(changes.Count - 1);
        return new CodePointSet([.. changes]);
    }

    /// <summary>What is in this set and in <paramref name="other"/>.</summary>
    public CodePointSet Intersect(CodePointSet other) => Union([Negate(), other.Negate()]).Negate();

    /// <summary>This set and every code point that differs from a member by case alone.</summary>
    public CodePointSet IgnoreCase()
    {
        var more = _cased.Value.Where(cased => cased.Variants.Any(Contains)).Select(cased => (cased.CodePoint, cased.CodePoint + 1));
        return Union([.. Ranges(), .. more]);
    }

    private IEnumerable<(int First, int End)> Ranges()
    {
        for (var i = 0; i < _changes.Length; i += 2) yield return (_changes[i], Last(i));
    }

    private int Last(int change) => change + 1 < _changes.Length ? _changes[change + 1] : End;

    private static CodePointSet[] ReadCategories()
    {
        var changes = Enum.GetValues<UnicodeCategory>().Select(_ => new List<int>()).ToArray();
        for (var (c, last) = (0, -1); c < End; c++)
        {
            var category = (int)CharUnicodeInfo.GetUnicodeCategory(c);
            if (category == last) continue;
            if (last >= 0) changes[last].Add(c);
            changes[category].Add(c);
            last = category;
        }
        return [.. changes.Select(list => new CodePointSet([.. list]))];
    }
}
