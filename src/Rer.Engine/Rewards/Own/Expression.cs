using System.Globalization;

namespace Rer.Engine.Rewards.Own;

/// <summary>
/// An arithmetic expression: numbers, quantities, `+ - * / ^`, comparisons (1 or 0), parentheses, and the functions of
/// <see cref="Functions"/>. Read once, evaluated often.
/// </summary>
public sealed class Expression
{
    private static readonly Dictionary<string, (int Arguments, Func<double[], double> Value)> _functions = new()
    {
        ["min"] = (-2, v => v.Min()),
        ["max"] = (-2, v => v.Max()),
        ["abs"] = (1, v => Math.Abs(v[0])),
        ["sqrt"] = (1, v => Math.Sqrt(v[0])),
        ["exp"] = (1, v => Math.Exp(v[0])),
        ["log"] = (1, v => Math.Log(v[0])),
        ["floor"] = (1, v => Math.Floor(v[0])),
        ["ceil"] = (1, v => Math.Ceiling(v[0])),
        ["round"] = (1, v => Math.Round(v[0])),
        ["clamp"] = (3, v => Math.Min(Math.Max(v[0], v[1]), v[2])),
        ["if"] = (3, v => v[0] != 0 ? v[1] : v[2]),
    };

    private readonly Func<Func<string, double>, double> _value;

    private Expression(Func<Func<string, double>, double> value, IReadOnlyCollection<string> quantities) => (_value, Quantities) = (value, quantities);

    /// <summary>Names of the functions.</summary>
    public static IReadOnlyCollection<string> Functions => _functions.Keys;

    /// <summary>Quantities that occur in it.</summary>
    public IReadOnlyCollection<string> Quantities { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says at which character, and what is known.</exception>
    public static Expression Parse(string text)
    {
        var parser = new Parser(text);
        return new Expression(parser.Whole(), parser.Quantities);
    }

    /// <summary>Its value.</summary>
    /// <param name="quantity">The value of a quantity by its name.</param>
    public double Evaluate(Func<string, double> quantity) => _value(quantity);

    private sealed class Parser(string text)
    {
        private int _at;

        public HashSet<string> Quantities { get; } = [];

        public Func<Func<string, double>, double> Whole()
        {
            var value = Comparison();
            return Peek() == '\0' ? value : throw Wrong($"'{Peek()}' is not expected");
        }

        private Func<Func<string, double>, double> Comparison()
        {
            var left = Sum();
            foreach (var sign in new[] { "<=", ">=", "==", "!=", "<", ">" })
            {
                if (!Take(sign)) continue;
                var right = Sum();
                return q => Holds(sign, left(q), right(q)) ? 1 : 0;
            }
            return left;
        }

        private Func<Func<string, double>, double> Sum()
        {
            var value = Product();
            while (true)
            {
                var before = value;
                if (Take("+")) value = Then(before, Product(), (a, b) => a + b);
                else if (Take("-")) value = Then(before, Product(), (a, b) => a - b);
                else return value;
            }
        }

        private Func<Func<string, double>, double> Product()
        {
            var value = Signed();
            while (true)
            {
                var before = value;
                if (Take("*")) value = Then(before, Signed(), (a, b) => a * b);
                else if (Take("/")) value = Then(before, Signed(), (a, b) => a / b);
                else return value;
            }
        }

        private Func<Func<string, double>, double> Signed()
        {
            if (!Take("-")) return Power();
            var value = Signed();
            return q => -value(q);
        }

        // Binds tighter than a sign before it and from the right: -2^2 is -4, 2^3^2 is 512.
        private Func<Func<string, double>, double> Power()
        {
            var value = Atom();
            return Take("^") ? Then(value, Signed(), Math.Pow) : value;
        }

        private Func<Func<string, double>, double> Atom()
        {
            var next = Peek();
            if (Take("("))
            {
                var inner = Comparison();
                if (!Take(")")) throw Wrong("a ')' is missing");
                return inner;
            }
            if (char.IsAsciiDigit(next) || next == '.') return Number();
            if (char.IsAsciiLetter(next)) return Named();
            throw Wrong(next == '\0' ? "a value is missing" : $"'{next}' is not expected");
        }

        private Func<Func<string, double>, double> Number()
        {
            var start = _at;
            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
            return double.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                ? _ => value
                : throw Wrong($"'{text[start.._at]}' is no number");
        }

        private Func<Func<string, double>, double> Named()
        {
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
            var name = text[start.._at].ToLowerInvariant();
            if (Take("(")) return Call(name, start);
            if (!ExpressionQuantities.Contains(name))
            {
                _at = start;
                throw Wrong($"'{name}' is not known. Known quantities: {string.Join(", ", ExpressionQuantities.All.Select(q => q.Name))}; functions: {string.Join(", ", Functions)}");
            }
            Quantities.Add(name);
            return q => q(name);
        }

        private Func<Func<string, double>, double> Call(string name, int start)
        {
            if (!_functions.TryGetValue(name, out var function))
            {
                _at = start;
                throw Wrong($"there is no function '{name}'. Known: {string.Join(", ", Functions)}");
            }
            var arguments = new List<Func<Func<string, double>, double>>();
            do arguments.Add(Comparison());
            while (Take(","));
            if (!Take(")")) throw Wrong("a ')' is missing");
            var (wanted, value) = function;
            if (wanted < 0 ? arguments.Count < -wanted : arguments.Count != wanted)
                throw Wrong($"{name} takes {(wanted < 0 ? $"{-wanted} arguments or more" : wanted == 1 ? "1 argument" : $"{wanted} arguments")}, not {arguments.Count}");
            return q => value([.. arguments.Select(a => a(q))]);
        }

        private static Func<Func<string, double>, double> Then(Func<Func<string, double>, double> a, Func<Func<string, double>, double> b, Func<double, double, double> both) =>
            q => both(a(q), b(q));

        private static bool Holds(string sign, double a, double b) => sign switch
        {
            "<" => a < b, "<=" => a <= b, ">" => a > b, ">=" => a >= b, "==" => a == b, _ => a != b,
        };

        private char Peek()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private bool Take(string sign)
        {
            Peek();
            if (string.CompareOrdinal(text, _at, sign, 0, sign.Length) != 0) return false;
            _at += sign.Length;
            return true;
        }

        private FormatException Wrong(string what) => new($"character {_at + 1}: {what}.");
    }
}
