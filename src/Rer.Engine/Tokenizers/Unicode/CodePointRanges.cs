namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>A set of code points given by ranges.</summary>
internal sealed class CodePointRanges
{
    private static readonly Lazy<Dictionary<string, CodePointRanges>> Categories = new(() => Read("categories.txt"));
    private static readonly Lazy<Dictionary<string, CodePointRanges>> Scripts = new(() => Read("scripts.txt"));

    private readonly int[] _first;
    private readonly int[] _last;
    private readonly UInt128 _ascii;

    private CodePointRanges(IReadOnlyList<(int First, int Last)> ranges)
    {
        _first = ranges.Select(range => range.First).ToArray();
        _last = ranges.Select(range => range.Last).ToArray();
        for (var c = 0; c < 128; c++)
            if (Find(c)) _ascii |= UInt128.One << c;
    }

    /// <summary>What BERT's cleaning drops: NUL, U+FFFD, controls, formats, private use.</summary>
    public static CodePointRanges BertRemoved => Categories.Value[Key(nameof(BertRemoved))];

    /// <summary>Punctuation, and every ASCII character that is neither letter, digit, space nor control.</summary>
    public static CodePointRanges BertPunctuation => Categories.Value[Key(nameof(BertPunctuation))];

    /// <summary>Non-spacing marks.</summary>
    public static CodePointRanges NonSpacingMark => Categories.Value[Key(nameof(NonSpacingMark))];

    /// <summary>Marks of all kinds.</summary>
    public static CodePointRanges Mark => Categories.Value[Key(nameof(Mark))];

    /// <summary>Marks that are alphabetic.</summary>
    public static CodePointRanges AlphabeticMark => Categories.Value[Key(nameof(AlphabeticMark))];

    /// <summary>Lower case without being lower-case letters.</summary>
    public static CodePointRanges OtherLowercase => Categories.Value[Key(nameof(OtherLowercase))];

    /// <summary>The code points of a script, or null. Case, spaces, hyphens and underscores of the name make no difference.</summary>
    public static CodePointRanges? Script(string name) => Scripts.Value.GetValueOrDefault(Key(name));

    /// <summary>The name of the script that a code point belongs to, or null.</summary>
    public static string? ScriptOf(int codePoint)
    {
        foreach (var (name, ranges) in Scripts.Value)
            if (ranges.Contains(codePoint)) return name;
        return null;
    }

    /// <summary>Whether <paramref name="codePoint"/> lies in one of the ranges.</summary>
    public bool Contains(int codePoint) => codePoint < 128 ? (_ascii >> codePoint & 1) != 0 : Find(codePoint);

    private bool Find(int codePoint)
    {
        var at = Array.BinarySearch(_first, codePoint);
        if (at < 0) at = ~at - 1;
        return at >= 0 && codePoint <= _last[at];
    }

    /// <summary>A property's name in the form in which names are compared.</summary>
    public static string Key(string name) => string.Concat(name.Where(c => c is not (' ' or '_' or '-'))).ToLowerInvariant();

    private static Dictionary<string, CodePointRanges> Read(string table)
    {
        var ranges = new Dictionary<string, List<(int, int)>>();
        var current = new List<(int, int)>();
        foreach (var line in UnicodeTable.Lines(table))
        {
            if (line[0] == '[')
            {
                ranges[Key(line[1..^1])] = current = [];
                continue;
            }
            var space = line.IndexOf(' ');
            current.Add((UnicodeTable.CodePoint(line.AsSpan(0, space)), UnicodeTable.CodePoint(line.AsSpan(space + 1))));
        }
        return ranges.ToDictionary(set => set.Key, set => new CodePointRanges(set.Value));
    }
}
