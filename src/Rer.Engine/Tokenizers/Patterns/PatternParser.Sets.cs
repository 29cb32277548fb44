using System.Globalization;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Reads escapes and bracketed classes: what stands for sets of characters.</summary>
internal sealed partial class PatternParser
{
    private PatternNode Escape()
    {
        if (_at >= _pattern.Length) throw Broken("a '\\' at the end");
        switch (_pattern[_at])
        {
            case 'A': _at++; return new PatternNode.Assert(PatternAnchor.TextStart);
            case 'z': _at++; return new PatternNode.Assert(PatternAnchor.TextEnd);
            case 'Z': _at++; return new PatternNode.Assert(PatternAnchor.TextEndOrLastNewline);
            case 'b': _at++; return new PatternNode.Assert(PatternAnchor.WordBoundary);
            case 'B': _at++; return new PatternNode.Assert(PatternAnchor.NotWordBoundary);
        }
        var set = EscapedSet();
        return new PatternNode.Set(_ignoreCase ? set.IgnoreCase() : set);
    }

    /// <summary>What follows a backslash, inside a class or outside.</summary>
    private CodePointSet EscapedSet()
    {
        var c = CodePoint.At(_pattern, _at, out var length);
        _at += length;
        switch (c)
        {
            case 'd': return CodePointSet.Digit;
            case 'D': return CodePointSet.Digit.Negate();
            case 's': return CodePointSet.Space;
            case 'S': return CodePointSet.Space.Negate();
            case 'w': return CodePointSet.Word;
            case 'W': return CodePointSet.Word.Negate();
            case 'h': return CodePointSet.HexDigit;
            case 'H': return CodePointSet.HexDigit.Negate();
            case 'p' or 'P': return Property(c == 'P');
            default: return CodePointSet.Single(EscapedCodePoint(c));
        }
    }

    private int EscapedCodePoint(int c)
    {
        switch (c)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'r': return '\r';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return 0x1B;
            case '0': return 0;
            case 'u': return Hex(4);
            case 'x' when Take('{'):
                var close = _pattern.IndexOf('}', _at);
                if (close < 0) throw Broken("\\x{ without '}'");
                var value = Hex(close - _at);
                _at++;
                return value;
            case 'x': return Hex(2);
        }
        if (c < 128 && char.IsAsciiLetterOrDigit((char)c)) throw Broken($"the escape '\\{(char)c}', which is not supported");
        return c;
    }

    private int Hex(int digits)
    {
        if (_at + digits > _pattern.Length
            || !int.TryParse(_pattern.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, null, out var value)
            || value is < 0 or > 0x10FFFF)
        {
            throw Broken("a broken hexadecimal escape");
        }
        _at += digits;
        return value;
    }

    private CodePointSet Property(bool negative)
    {
        if (!Take('{')) throw Broken("\\p without '{'");
        if (Take('^')) negative = !negative;
        var close = _pattern.IndexOf('}', _at);
        if (close < 0) throw Broken("\\p{ without '}'");
        var name = _pattern[_at..close];
        var set = UnicodeProperty.Find(name) ?? throw Broken($"the property '{Excerpt.Of(name)}', which is not known");
        _at = close + 1;
        return negative ? set.Negate() : set;
    }

    /// <summary>A bracketed class whose '[' has been read: ranges, nested classes, intersections, POSIX names.</summary>
    private CodePointSet CharacterClass()
    {
        Enter();
        var negative = Take('^');
        CodePointSet? all = null;
        var members = new List<CodePointSet> { CodePointSet.Empty };
        var first = true;
        while (true)
        {
            if (_at >= _pattern.Length) throw Broken("a '[' without its ']'");
            if (!first && Take(']')) break;
            if (Take("&&"))
            {
                var before = CodePointSet.Union(members);
                all = all is null ? before : all.Intersect(before);
                members = [CodePointSet.Empty];
            }
            else
            {
                members.Add(ClassItem());
            }
            first = false;
        }
        _depth--;
        var last = CodePointSet.Union(members);
        var set = all is null ? last : all.Intersect(last);
        if (_ignoreCase) set = set.IgnoreCase();
        return negative ? set.Negate() : set;
    }

    private CodePointSet ClassItem()
    {
        if (Take("[:"))
        {
            var negative = Take('^');
            var close = _pattern.IndexOf(":]", _at, StringComparison.Ordinal);
            if (close < 0) throw Broken("'[:' without ':]'");
            var set = UnicodeProperty.Find(_pattern[_at..close]) ?? throw Broken("a POSIX class that is not known");
            _at = close + 2;
            return negative ? set.Negate() : set;
        }
        if (Take('[')) return CharacterClass();
        var low = ClassCodePoint(out var escaped);
        if (escaped is not null) return escaped;
        if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
        {
            _at++;
            var high = ClassCodePoint(out escaped);
            if (escaped is not null) return CodePointSet.Union([CodePointSet.Single(low), CodePointSet.Single('-'), escaped]);
            if (high < low) throw Broken("a range whose end comes before its start");
            return CodePointSet.Range(low, high);
        }
        return CodePointSet.Single(low);
    }

    /// <summary>A code point of a class, or in <paramref name="set"/> what an escape stands for.</summary>
    private int ClassCodePoint(out CodePointSet? set)
    {
        set = null;
        var c = CodePoint.At(_pattern, _at, out var length);
        _at += length;
        if (c != '\\') return c;
        if (_at >= _pattern.Length) throw Broken("a '\\' at the end");
        if (_pattern[_at] is 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P')
        {
            set = _pattern[_at] switch
            {
                // Inside of brackets Oniguruma's \w goes by Unicode alone.
                'w' => UnicodeProperty.Find("word"),
                'W' => UnicodeProperty.Find("word")!.Negate(),
                _ => null,
            };
            if (set is null) set = EscapedSet();
            else _at++;
            return 0;
        }
        c = CodePoint.At(_pattern, _at, out length);
        _at += length;
        return c == 'b' ? '\b' : EscapedCodePoint(c);
    }
}
