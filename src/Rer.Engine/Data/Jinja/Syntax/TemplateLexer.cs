using System.Text;
using Rer.Engine.Data.Jinja.Builtins;

namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>
/// Cuts a template into tokens. White space is treated as transformers has Jinja treat it (`trim_blocks` and `lstrip_blocks`): the
/// newline behind a block or comment goes, and so do the blanks before one that stands first on its line; `-` takes all white space
/// on its side, `+` keeps it.
/// </summary>
internal sealed class TemplateLexer
{
    /// <summary>A template may have this many characters; the longest published ones have some tens of thousands.</summary>
    public const int MostCharacters = 1_000_000;

    private static readonly string[] _operators =
        ["==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]", "{", "}"];

    private readonly string _name;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly List<int> _lines = [0];
    private int _at;

    private TemplateLexer(string text, string name)
    {
        _name = name;
        _text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        // Jinja drops one newline at the very end.
        if (_text.EndsWith('\n')) _text = _text[..^1];
        for (var i = _text.IndexOf('\n'); i >= 0; i = _text.IndexOf('\n', i + 1)) _lines.Add(i + 1);
    }

    /// <summary>The tokens of a template; the last is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateException">
    /// A tag or string is not closed, or holds a character that has no meaning there; or the template is too long.
    /// </exception>
    public static List<Token> Cut(string text, string name)
    {
        if (text.Length > MostCharacters)
            throw new TemplateException(name, new Place(1, 1),
                $"a template may have {MostCharacters:N0} characters; this one has {text.Length:N0}.");
        var lexer = new TemplateLexer(text, name);
        lexer.Cut();
        return lexer._tokens;
    }

    private void Cut()
    {
        while (_at < _text.Length)
        {
            var begin = NextTag();
            AddText(_at, begin);
            _at = begin;
            if (_at == _text.Length) break;
            switch (_text[_at + 1])
            {
                case '#': SkipComment(); break;
                case '%': CutTag(TokenKind.BlockBegin, TokenKind.BlockEnd, "%}"); break;
                default: CutTag(TokenKind.OutputBegin, TokenKind.OutputEnd, "}}"); break;
            }
        }
        Add(TokenKind.End, "", _text.Length);
    }

    private int NextTag()
    {
        for (var i = _text.IndexOf('{', _at); i >= 0 && i + 1 < _text.Length; i = _text.IndexOf('{', i + 1))
        {
            if (_text[i + 1] is '{' or '%' or '#') return i;
        }
        return _text.Length;
    }

    /// <summary>Text up to a tag, less the white space that the tag takes with it.</summary>
    private void AddText(int begin, int end)
    {
        var kept = end;
        if (end < _text.Length)
        {
            var control = end + 2 < _text.Length ? _text[end + 2] : ' ';
            if (control == '-')
            {
                while (kept > begin && TextMethods.IsSpace(_text[kept - 1])) kept--;
            }
            else if (_text[end + 1] != '{' && control != '+')
            {
                var line = kept;
                while (line > begin && _text[line - 1] != '\n' && TextMethods.IsSpace(_text[line - 1])) line--;
                if (line == 0 || _text[line - 1] == '\n') kept = line;
            }
        }
        if (kept > begin) Add(TokenKind.Text, _text[begin..kept], begin);
    }

    private void SkipComment()
    {
        var end = _text.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw Error(_at, "the comment is not closed by '#}'.");
        // In `{#-#}` the sign belongs to the opening.
        AfterTag(end, isOutput: false, isSigned: end > _at + 3 || _text[_at + 2] != '-');
    }

    /// <summary>Moves behind a closing `%}`, `}}` or `#}` and what it takes of the text there.</summary>
    private void AfterTag(int end, bool isOutput, bool isSigned = true, bool keepsNewline = false)
    {
        var control = isSigned ? _text[end - 1] : ' ';
        _at = end + 2;
        if (control == '-')
        {
            while (_at < _text.Length && TextMethods.IsSpace(_text[_at])) _at++;
        }
        else if (!isOutput && !keepsNewline && control != '+' && _at < _text.Length && _text[_at] == '\n')
        {
            _at++;
        }
    }

    private void CutTag(TokenKind begins, TokenKind ends, string close)
    {
        var opened = _at;
        Add(begins, _text[_at..(_at + 2)], _at);
        _at += 2;
        if (_at < _text.Length && _text[_at] is '-' or '+') _at++;
        if (begins == TokenKind.BlockBegin && CutRaw(opened)) return;
        var depth = 0;
        while (true)
        {
            while (_at < _text.Length && TextMethods.IsSpace(_text[_at])) _at++;
            if (_at >= _text.Length) throw Error(opened, $"the tag is not closed by '{close}'.");
            var closing = _text[_at] is '-' or '+' ? _at + 1 : _at;
            // `}}` may also close two brackets of the expression.
            if (depth == 0 && string.CompareOrdinal(_text, closing, close, 0, 2) == 0)
            {
                Add(ends, close, _at);
                AfterTag(closing, ends == TokenKind.OutputEnd);
                return;
            }
            var token = CutToken();
            if (token.Kind != TokenKind.Operator) continue;
            if (token.Text is "(" or "[" or "{") depth++;
            else if (token.Text is ")" or "]" or "}") depth--;
        }
    }

    /// <summary>`{% raw %}`: text up to `{% endraw %}`, tags and all.</summary>
    private bool CutRaw(int opened)
    {
        if (EndOfTag(opened, "raw") is not { } end) return false;
        _tokens.RemoveAt(_tokens.Count - 1);
        // Behind this tag alone Jinja leaves the newline.
        AfterTag(end, isOutput: false, keepsNewline: true);
        var begin = _at;
        int Tag(int from) => _text.IndexOf("{%", from, StringComparison.Ordinal);
        for (var tag = Tag(begin); tag >= 0; tag = Tag(tag + 2))
        {
            if (EndOfTag(tag, "endraw") is not { } close) continue;
            AddText(begin, tag);
            AfterTag(close, isOutput: false);
            return true;
        }
        throw Error(opened, "'raw' is not closed by 'endraw'.");
    }

    /// <summary>Where `%}` closes the tag that begins at a place and holds nothing but a name; null where it is another.</summary>
    private int? EndOfTag(int tag, string name)
    {
        var at = tag + 2;
        if (at < _text.Length && _text[at] is '-' or '+') at++;
        while (at < _text.Length && TextMethods.IsSpace(_text[at])) at++;
        if (string.CompareOrdinal(_text, at, name, 0, name.Length) != 0) return null;
        at += name.Length;
        while (at < _text.Length && TextMethods.IsSpace(_text[at])) at++;
        if (at < _text.Length && _text[at] is '-' or '+') at++;
        return string.CompareOrdinal(_text, at, "%}", 0, 2) == 0 ? at : null;
    }

    private Token CutToken()
    {
        var (begin, first) = (_at, _text[_at]);
        if (char.IsLetter(first) || first == '_')
        {
            while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
            return Add(TokenKind.Name, _text[begin.._at], begin);
        }
        if (char.IsAsciiDigit(first)) return CutNumber();
        if (first is '"' or '\'') return CutString();
        foreach (var op in _operators)
        {
            if (string.CompareOrdinal(_text, _at, op, 0, op.Length) != 0) continue;
            _at += op.Length;
            return Add(TokenKind.Operator, op, begin);
        }
        throw Error(_at, $"'{first}' has no meaning in an expression.");
    }

    private Token CutNumber()
    {
        var begin = _at;
        if (_text[_at] == '0' && _at + 2 < _text.Length && (_text[_at + 1] | 0x20) is 'x' or 'o' or 'b'
            && char.IsAsciiHexDigit(_text[_at + 2]))
        {
            _at += 2;
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_')) _at++;
            return Add(TokenKind.Integer, _text[begin.._at], begin);
        }
        void Digits()
        {
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '_')) _at++;
        }
        Digits();
        var kind = TokenKind.Integer;
        if (_at + 1 < _text.Length && _text[_at] == '.' && char.IsAsciiDigit(_text[_at + 1]))
        {
            kind = TokenKind.Float;
            _at++;
            Digits();
        }
        var exponent = _at + 1;
        if (exponent < _text.Length && _text[exponent] is '+' or '-') exponent++;
        if (exponent < _text.Length && (_text[_at] | 0x20) == 'e' && char.IsAsciiDigit(_text[exponent]))
        {
            kind = TokenKind.Float;
            _at = exponent;
            Digits();
        }
        return Add(kind, _text[begin.._at], begin);
    }

    private Token CutString()
    {
        var (begin, quote) = (_at, _text[_at++]);
        var value = new StringBuilder();
        while (true)
        {
            if (_at >= _text.Length) throw Error(begin, "the string is not closed.");
            var c = _text[_at++];
            if (c == quote) return Add(TokenKind.String, value.ToString(), begin);
            if (c == '\\' && _at < _text.Length) CutEscape(value);
            else value.Append(c);
        }
    }

    private void CutEscape(StringBuilder value)
    {
        var c = _text[_at++];
        switch (c)
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case '\n': break;
            case 'x': value.Append(Code(2)); break;
            case 'u': value.Append(Code(4)); break;
            case 'U': value.Append(Code(8)); break;
            case 'N': throw Error(_at - 2, "characters by their names are not supported; write '\\u' and four hexadecimal digits.");
            case >= '0' and <= '7': value.Append(Octal(c)); break;
            case '\\' or '\'' or '"': value.Append(c); break;
            // Python keeps an escape it does not know as it is written.
            default: value.Append('\\').Append(c); break;
        }
    }

    private char Octal(char first)
    {
        var code = first - '0';
        for (var i = 0; i < 2 && _at < _text.Length && _text[_at] is >= '0' and <= '7'; i++) code = 8 * code + _text[_at++] - '0';
        return (char)code;
    }

    private string Code(int digits)
    {
        var code = 0L;
        for (var i = 0; i < digits; i++)
        {
            if (_at + i >= _text.Length || !char.IsAsciiHexDigit(_text[_at + i]))
                throw Error(_at - 2, $"an escape of {digits} hexadecimal digits is needed.");
            code = 16 * code + Convert.ToInt32(_text[_at + i].ToString(), 16);
        }
        if (code > 0x10FFFF) throw Error(_at - 2, "there is no such character: the last is \\U0010FFFF.");
        _at += digits;
        return code is >= 0xD800 and < 0xE000 ? ((char)code).ToString() : char.ConvertFromUtf32((int)code);
    }

    private Token Add(TokenKind kind, string text, int at)
    {
        var token = new Token(kind, text, PlaceOf(at));
        _tokens.Add(token);
        return token;
    }

    private TemplateException Error(int at, string message) => new(_name, PlaceOf(at), message);

    private Place PlaceOf(int at)
    {
        var line = _lines.BinarySearch(at);
        if (line < 0) line = ~line - 1;
        return new Place(line + 1, at - _lines[line] + 1);
    }
}
