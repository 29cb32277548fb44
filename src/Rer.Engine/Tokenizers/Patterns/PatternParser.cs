using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>
/// Reads the regular expressions of tokenizer files. Their dialect is Oniguruma's with Ruby's syntax: <c>^</c> and <c>$</c> are
/// about lines, <c>(?m)</c> lets the dot match newlines, <c>\h</c> is a hexadecimal digit, classes nest and intersect,
/// <c>?+ *+ ++</c> are possessive.
/// </summary>
/// <remarks>
/// Groups do not capture, since a pre-tokenizer only asks where a match begins and ends. Where case is ignored, one code point
/// equals one: that "ß" is "ss" in another case is left aside.
/// </remarks>
internal sealed partial class PatternParser
{
    /// <summary>A pattern may have this many characters; the longest published ones have some hundred.</summary>
    public const int MostCharacters = 10_000;

    /// <summary>Groups, classes and quantifiers may stand in one another this deep.</summary>
    public const int Deepest = 100;

    private readonly string _pattern;
    private int _at;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotMatchesNewline;
    private bool _extended;

    private PatternParser(string pattern) => _pattern = pattern;

    /// <summary>The tree of <paramref name="pattern"/>.</summary>
    /// <exception cref="FormatException">The pattern is broken, or uses syntax that is not supported; the message says where.</exception>
    public static PatternNode Parse(string pattern)
    {
        if (pattern.Length > MostCharacters)
            throw new FormatException($"A regular expression may have {MostCharacters:N0} characters; this one has {pattern.Length:N0}.");
        var parser = new PatternParser(pattern);
        var tree = parser.Alternatives();
        if (parser._at < pattern.Length) throw parser.Broken("a ')' without its '('");
        return tree;
    }

    private PatternNode Alternatives()
    {
        Enter();
        var (ignoreCase, dot, extended) = (_ignoreCase, _dotMatchesNewline, _extended);
        var choices = new List<PatternNode> { Items() };
        while (Take('|')) choices.Add(Items());
        // Options switched on inside a group end with it.
        (_ignoreCase, _dotMatchesNewline, _extended) = (ignoreCase, dot, extended);
        _depth--;
        return choices.Count == 1 ? choices[0] : new PatternNode.Alternation(choices);
    }

    private PatternNode.Sequence Items()
    {
        var items = new List<PatternNode>();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            if (_extended && SkipExtended()) continue;
            if (Atom() is { } atom) items.Add(Quantified(atom));
        }
        return new PatternNode.Sequence(items);
    }

    private bool SkipExtended()
    {
        if (char.IsWhiteSpace(_pattern[_at]))
        {
            _at++;
            return true;
        }
        if (_pattern[_at] != '#') return false;
        while (_at < _pattern.Length && _pattern[_at] != '\n') _at++;
        return true;
    }

    private PatternNode Quantified(PatternNode atom)
    {
        var outside = _depth;
        while (_at < _pattern.Length)
        {
            var interval = false;
            int least;
            int? most;
            if (Take('*')) (least, most) = (0, null);
            else if (Take('+')) (least, most) = (1, null);
            else if (Take('?')) (least, most) = (0, 1);
            else if (_pattern[_at] == '{' && Interval(out least, out most)) interval = true;
            else break;
            Enter();
            var lazy = Take('?');
            // An interval is never possessive in Ruby's syntax: {2}+ repeats the interval.
            var possessive = !lazy && !interval && Take('+');
            atom = new PatternNode.Repeat(atom, least, most, lazy);
            if (possessive) atom = new PatternNode.Atomic(atom);
        }
        _depth = outside;
        return atom;
    }

    private bool Interval(out int least, out int? most)
    {
        (least, most) = (0, null);
        var close = _pattern.IndexOf('}', _at);
        if (close < 0) return false;
        var bounds = _pattern[(_at + 1)..close].Split(',');
        if (bounds.Length > 2 || bounds.Any(b => b.Any(c => !char.IsAsciiDigit(c))) || bounds.All(b => b.Length == 0)) return false;
        if (bounds[0].Length > 0) least = Bound(bounds[0]);
        if (bounds.Length == 1) most = least;
        else if (bounds[1].Length > 0) most = Bound(bounds[1]);
        if (most < least || least > 1000 || most > 1000) throw Broken("an interval that is not a range within 1000");
        _at = close + 1;
        return true;
    }

    private static int Bound(string digits) => int.TryParse(digits, out var bound) ? bound : int.MaxValue;

    private PatternNode? Atom()
    {
        var c = CodePoint.At(_pattern, _at, out var length);
        _at += length;
        switch (c)
        {
            case '(': return Group();
            case '[': return new PatternNode.Set(CharacterClass());
            case '.': return new PatternNode.Set(_dotMatchesNewline ? CodePointSet.All : CodePointSet.Single('\n').Negate());
            case '^': return new PatternNode.Assert(PatternAnchor.LineStart);
            case '$': return new PatternNode.Assert(PatternAnchor.LineEnd);
            case '\\': return Escape();
            case '*' or '+' or '?': throw Broken("a quantifier with nothing before it");
            default: return Literal(c);
        }
    }

    private PatternNode.Set Literal(int c) => new(_ignoreCase ? CodePointSet.AnyCase(c) : CodePointSet.Single(c));

    private PatternNode? Group()
    {
        PatternNode? node;
        if (!Take('?'))
        {
            node = Alternatives();
        }
        else if (Take('#'))
        {
            while (_at < _pattern.Length && _pattern[_at] != ')') _at++;
            node = null;
        }
        else if (Take(':')) node = Alternatives();
        else if (Take('>')) node = new PatternNode.Atomic(Alternatives());
        else if (Take('=')) node = new PatternNode.Look(Alternatives(), false);
        else if (Take('!')) node = new PatternNode.Look(Alternatives(), true);
        else if (Take("<=")) node = LookBehind(Alternatives(), false);
        else if (Take("<!")) node = LookBehind(Alternatives(), true);
        else if (Take('<') || Take("P<")) node = Named();
        else return Options();
        if (!Take(')')) throw Broken("a '(' without its ')'");
        return node;
    }

    private PatternNode Named()
    {
        var close = _pattern.IndexOf('>', _at);
        if (close < 0) throw Broken("a group's name without '>'");
        _at = close + 1;
        return Alternatives();
    }

    private PatternNode.Look LookBehind(PatternNode body, bool negative)
    {
        var choices = body is PatternNode.Alternation alternation ? alternation.Choices : [body];
        var steps = choices.Select(choice => (PatternNode)new PatternNode.Sequence(
        [
            new PatternNode.StepBack(choice.Width ?? throw Broken("a look behind whose length varies")),
            choice,
        ])).ToList();
        return new PatternNode.Look(new PatternNode.Alternation(steps), negative);
    }

    private PatternNode? Options()
    {
        var saved = (_ignoreCase, _dotMatchesNewline, _extended);
        var on = true;
        while (_at < _pattern.Length)
        {
            switch (_pattern[_at++])
            {
                case '-': on = false; break;
                case 'i': _ignoreCase = on; break;
                case 'm': _dotMatchesNewline = on; break;
                case 'x': _extended = on; break;
                case ')':
                    // (?i) holds to the end of the group around it, alternatives included.
                    return Alternatives();
                case ':':
                    var body = Alternatives();
                    (_ignoreCase, _dotMatchesNewline, _extended) = saved;
                    if (!Take(')')) throw Broken("a '(' without its ')'");
                    return body;
                default:
                    throw Broken("a group of an unknown kind");
            }
        }
        throw Broken("a '(' without its ')'");
    }

    private bool Take(char c)
    {
        if (_at >= _pattern.Length || _pattern[_at] != c) return false;
        _at++;
        return true;
    }

    private bool Take(string text)
    {
        if (string.CompareOrdinal(_pattern, _at, text, 0, text.Length) != 0) return false;
        _at += text.Length;
        return true;
    }

    private void Enter()
    {
        if (++_depth > Deepest) throw Broken($"groups, classes or quantifiers nested more than {Deepest} deep");
    }

    private FormatException Broken(string what) =>
        new($"The regular expression '{Excerpt.Of(_pattern, 200)}' has, at character {_at}, {what}.");
}
