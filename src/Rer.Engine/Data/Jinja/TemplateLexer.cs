using System.Globalization;
using System.Text;

namespace Rer.Engine.Data.Jinja;

/// <summary>
/// Cuts a template into tokens. White space is treated as transformers has Jinja treat it (`trim_blocks` and `lstrip_blocks`): the
/// newline behind a block or comment goes, and so do the blanks before one that stands first on its line; `-` takes all white space
/// on its side, `+` keeps it.
/// </summary>
internal sealed class TemplateLexer
{
    private static readonly string[] Operators =
        ["==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]", "{", "}"];

    private readonly string _name;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;

    private TemplateLexer(string text, string name)
    {
        _name = name;
        _text = text.ReplaceLineEndings("\n");
        // Jinja drops one newline at the very end.
        if (_text.EndsWith('\n')) _text = _text[..^1];
    }

    /// <summary>The tokens of a template; the last is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateException">A tag or string is not closed, or holds a character that has no meaning there.</exception>
    public static List<Token> Cut(string text, string name)
    {
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
                while (kept > begin && char.IsWhiteSpace(_text[kept - 1])) kept--;
            }
            else if (_text[end + 1] != '{' && control != '+')
            {
                var line = kept;
                while (line > begin && _text[line - 1] is ' ' or '\t') line--;
                if (line == 0 || _text[line - 1] == '\n') kept = line;
            }
        }
        if (kept > begin) Add(TokenKind.Text, _text[begin..kept], begin);
    }

    private void SkipComment()
    {
        var end = _text.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw Error(_at, "the comment is not closed by '#}'.");
        AfterTag(end, isOutput: false);
    }

    /// <summary>Moves behind a closing `%}`, `}}` or `#}` and what it takes of the text there.</summary>
    private void AfterTag(int end, bool isOutput)
    {
        var control = _text[end - 1];
        _at = end + 2;
        if (control == '-')
        {
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        }
        else if (!isOutput && control != '+' && _at < _text.Length && _text[_at] == '\n')
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
            while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
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
        var end = _text.IndexOf("%}", _at, StringComparison.Ordinal);
        if (end < 0 || _text[_at..end].Trim(' ', '\t', '\n', '-', '+') != "raw") return false;
        _tokens.RemoveAt(_tokens.Count - 1);
        AfterTag(end, isOutput: false);
        var begin = _at;
        for (var tag = _text.IndexOf("{%", begin, StringComparison.Ordinal); tag >= 0; tag = _text.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var close = _text.IndexOf("%}", tag, StringComparison.Ordinal);
            if (close < 0 || _text[(tag + 2)..close].Trim(' ', '\t', '\n', '-', '+') != "endraw") continue;
            AddText(begin, tag);
            AfterTag(close, isOutput: false);
            return true;
        }
        throw Error(opened, "'raw' is not closed by 'endraw'.");
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
        foreach (var op in Operators)
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
        if (_at + 1 < _text.Length && _text[_at] is 'e' or 'E' && (char.IsAsciiDigit(_text[_at + 1]) || _text[_at + 1] is '+' or '-'))
        {
            kind = TokenKind.Float;
            _at += 2;
            Digits();
        }
        return Add(kind, _text[begin.._at].Replace("_", "", StringComparison.Ordinal), begin);
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
            case '0': value.Append('\0'); break;
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case '\n': break;
            case 'x': value.Append(Code(2)); break;
            case 'u': value.Append(Code(4)); break;
            case 'U': value.Append(Code(8)); break;
            case '\\' or '\'' or '"': value.Append(c); break;
            // Python keeps an escape it does not know as it is written.
            default: value.Append('\\').Append(c); break;
        }
    }

    private string Code(int digits)
    {
        if (_at + digits > _text.Length || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x10FFFF)
            throw Error(_at - 2, $"an escape of {digits} hexadecimal digits is needed.");
        _at += digits;
        return code is >= 0xD800 and < 0xE000 ? ((char)code).ToString() : char.ConvertFromUtf32(code);
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
        var before = _text.AsSpan(0, at);
        return new Place(before.Count('\n') + 1, at - before.LastIndexOf('\n'));
    }
}
