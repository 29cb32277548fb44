namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>A set of code points given by ranges.</summary>
internal sealed class CodePointRanges
{
    private static readonly Lazy<Dictionary<string, CodePointRanges>> Categories = new(ReadCategories);

    private readonly int[] _first;
    private readonly int[] _last;

    private CodePointRanges(IReadOnlyList<(int First, int Last)> ranges)
    {
        _first = ranges.Select(range => range.First).ToArray();
        _last = ranges.Select(range => range.Last).ToArray();
    }

    /// <summary>What BERT's cleaning drops: NUL, U+FFFD, controls, formats, private use.</summary>
    public static CodePointRanges BertRemoved => Categories.Value[nameof(BertRemoved)];

    /// <summary>Punctuation, and every ASCII character that is neither letter, digit, space nor control.</summary>
    public static CodePointRanges BertPunctuation => Categories.Value[nameof(BertPunctuation)];

    /// <summary>Non-spacing marks.</summary>
    public static CodePointRanges NonSpacingMark => Categories.Value[nameof(NonSpacingMark)];

    /// <summary>Marks of all kinds.</summary>
    public static CodePointRanges Mark => Categories.Value[nameof(Mark)];

    /// <summary>Whether <paramref name="codePoint"/> lies in one of the ranges.</summary>
    public bool Contains(int codePoint)
    {
        var at = Array.BinarySearch(_first, codePoint);
        if (at < 0) at = ~at - 1;
        return at >= 0 && codePoint <= _last[at];
    }

    private static Dictionary<string, CodePointRanges> ReadCategories()
    {
        var ranges = new Dictionary<string, List<(int, int)>>();
        var current = new List<(int, int)>();
        foreach (var line in UnicodeTable.Lines("categories.txt"))
        {
            if (line[0] == '[')
            {
                ranges[line[1..^1]] = current = [];
                continue;
            }
            var space = line.IndexOf(' ');
            current.Add((UnicodeTable.CodePoint(line.AsSpan(0, space)), UnicodeTable.CodePoint(line.AsSpan(space + 1))));
        }
        return ranges.ToDictionary(set => set.Key, set => new CodePointRanges(set.Value));
    }
}
