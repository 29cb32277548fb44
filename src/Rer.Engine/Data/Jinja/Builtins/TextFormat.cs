using System.Globalization;
using System.Text;
using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Python's `'{} {name!r:&gt;10}'.format(...)`.</summary>
internal sealed class TextFormat
{
    // A field may stand in another's specification, `{:{width}}`, and no deeper.
    private const int Deepest = 2;

    private readonly Arguments _given;
    private int _next;
    private bool _numbered;

    private TextFormat(Arguments given) => _given = given;

    /// <summary>The format with its values put in.</summary>
    /// <exception cref="EvaluationException">A field is broken, or there is no value for it.</exception>
    public static string Format(string format, Arguments given) => new TextFormat(given).Format(format, 1);

    private string Format(string format, int depth)
    {
        if (depth > Deepest) throw new EvaluationException("the fields of a format are nested too deep.");
        var text = new StringBuilder();
        for (var at = 0; at < format.Length;)
        {
            var c = format[at++];
            if (c is '{' or '}' && at < format.Length && format[at] == c && depth == 1)
            {
                at++;
            }
            else if (c == '}')
            {
                throw new EvaluationException("a '}' of the format has no '{'.");
            }
            else if (c == '{')
            {
                text.Append(Field(format, ref at, depth));
                continue;
            }
            _given.Budget.Write(1);
            text.Append(c);
        }
        return text.ToString();
    }

    private string Field(string format, ref int at, int depth)
    {
        var (begin, open) = (at, 1);
        for (; at < format.Length && open > 0; at++) open += format[at] == '{' ? 1 : format[at] == '}' ? -1 : 0;
        if (open > 0) throw new EvaluationException("a '{' of the format is not closed.");
        var field = format[begin..(at - 1)];
        var name = field[..(field.IndexOfAny([':', '!']) is >= 0 and var split ? split : field.Length)];
        var rest = field[name.Length..];
        var value = Value(name);
        if (rest.StartsWith('!'))
        {
            value = rest.Length > 1 && (rest.Length == 2 || rest[2] == ':') ? rest[1] switch
            {
                's' => Printing.Text(value, _given.Budget),
                'r' or 'a' => Printing.Literal(value, _given.Budget),
                _ => throw new EvaluationException($"'!{rest[1]}' is not known in a format."),
            } : throw new EvaluationException("a '!' in a format is followed by s or r.");
            rest = rest[2..];
        }
        var spec = rest.Length > 1 ? Format(rest[1..], depth + 1) : "";
        return FormatSpec.Parse(spec).Apply(value, _given.Budget);
    }

    private object? Value(string name)
    {
        var end = name.IndexOfAny(['.', '[']);
        var first = end < 0 ? name : name[..end];
        object? value;
        if (first.Length == 0 || int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            if (first.Length == 0 && _numbered || first.Length > 0 && _next > 0)
                throw new EvaluationException("a format numbers all of its fields or none.");
            _numbered |= first.Length > 0;
            var index = first.Length == 0 ? _next++ : int.Parse(first, CultureInfo.InvariantCulture);
            value = index < _given.Positional.Count ? _given.Positional[index]
                : throw new EvaluationException($"the format asks for value {index}, and there are {_given.Positional.Count}.");
        }
        else if (!_given.Named.TryGetValue(first, out value))
        {
            throw new EvaluationException($"the format asks for '{first}', which is not given.");
        }
        for (var at = first.Length; at < name.Length;)
        {
            if (name[at] == '[')
            {
                var close = name.IndexOf(']', at);
                if (close < 0) throw new EvaluationException("a '[' in a field of the format is not closed.");
                var key = name[(at + 1)..close];
                var isIndex = long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
                value = Values.Element(value, isIndex ? index : key, _given.Budget);
                at = close + 1;
                continue;
            }
            var stop = name.IndexOfAny(['.', '['], at + 1);
            if (stop < 0) stop = name.Length;
            value = Members.Get(value, name[(at + 1)..stop], _given.Budget);
            at = stop;
        }
        return value;
    }
}
