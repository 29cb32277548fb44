using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>All matches of a pattern, from left to right, none overlapping another.</summary>
/// <remarks>An empty match right behind another match does not count.</remarks>
internal ref struct PatternMatches(ITextPattern pattern, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _from;
    private int _lastEnd = -1;
    private MatchBudget _budget = new(text.Length);

    /// <summary>The match found last.</summary>
    public (int Start, int End) Current { get; private set; }

    /// <summary>The matches, for <c>foreach</c>.</summary>
    public readonly PatternMatches GetEnumerator() => this;

    /// <summary>Finds the next match.</summary>
    /// <exception cref="InvalidDataException">All matches together take more steps than a text of this length may.</exception>
    public bool MoveNext()
    {
        while (_from <= _text.Length && pattern.Find(_text, _from, ref _budget, out var start, out var end))
        {
            var counts = start < end || start != _lastEnd;
            _lastEnd = end;
            _from = end;
            if (start == end) _from += LengthAt(end);
            if (!counts) continue;
            Current = (start, end);
            return true;
        }
        return false;
    }

    private readonly int LengthAt(int index)
    {
        if (index >= _text.Length) return 1;
        CodePoint.At(_text, index, out var length);
        return length;
    }
}
