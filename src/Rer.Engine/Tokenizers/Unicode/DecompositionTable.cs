namespace Rer.Engine.Tokenizers.Unicode;

/// <summary>Decompositions, compositions and combining classes of the Unicode normal forms.</summary>
/// <remarks>
/// The framework's own normalisation needs ICU, which the invariant mode does without, and knows a later version of Unicode than
/// the tokenizers' reference implementation.
/// </remarks>
internal sealed class DecompositionTable
{
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatibility = [];
    private readonly Dictionary<long, int> _compositions = [];
    private readonly HashSet<int> _seconds = [];

    private DecompositionTable()
    {
        foreach (var line in UnicodeTable.Lines("normalization.txt"))
        {
            var mark = line.AsSpan().IndexOfAny('=', '!', '~');
            if (mark < 0) AddClass(line.Split(' '));
            else AddDecomposition(UnicodeTable.CodePoint(line.AsSpan(0, mark)), line[mark], line[(mark + 1)..].Split(' '));
        }
    }

    /// <summary>The one table.</summary>
    public static DecompositionTable Instance { get; } = new();

    /// <summary>Every code point that has a decomposition, takes part in a composition, or has a combining class.</summary>
    public IEnumerable<int> CodePoints => _classes.Keys.Concat(_canonical.Keys).Concat(_compatibility.Keys)
        .Concat(_seconds);

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public byte Class(int codePoint) => _classes.GetValueOrDefault(codePoint);

    /// <summary>Adds the full decomposition of a code point to <paramref name="output"/>.</summary>
    public void Decompose(int codePoint, bool compatibility, List<int> output)
    {
        if (Hangul.Decompose(codePoint, output)) return;
        if (_canonical.TryGetValue(codePoint, out var parts) || compatibility && _compatibility.TryGetValue(codePoint, out parts))
        {
            foreach (var part in parts) Decompose(part, compatibility, output);
            return;
        }
        output.Add(codePoint);
    }

    /// <summary>What a starter and what follows it compose to, or null.</summary>
    public int? Compose(int first, int second) =>
        Hangul.Compose(first, second) ?? (_compositions.TryGetValue(Pair(first, second), out var composed) ? composed : null);

    /// <summary>Whether some character composes with this one after it.</summary>
    public bool IsSecond(int codePoint) => _seconds.Contains(codePoint);

    private void AddClass(string[] fields)
    {
        var last = UnicodeTable.CodePoint(fields[1]);
        for (var c = UnicodeTable.CodePoint(fields[0]); c <= last; c++) _classes[c] = byte.Parse(fields[2]);
    }

    private void AddDecomposition(int codePoint, char kind, string[] fields)
    {
        var parts = fields.Select(field => UnicodeTable.CodePoint(field)).ToArray();
        (kind == '~' ? _compatibility : _canonical)[codePoint] = parts;
        if (kind != '=') return;
        _compositions[Pair(parts[0], parts[1])] = codePoint;
        _seconds.Add(parts[1]);
    }

    private static long Pair(int first, int second) => (long)first << 21 | (uint)second;
}
