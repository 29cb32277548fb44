using System.Globalization;
using Rer.Engine.Input;

namespace Rer.Engine.Rewards.Custom;

/// <summary>Reads an expression by recursive descent, a method for each level of precedence, loosest first.</summary>
internal sealed class ExpressionParser(string text)
{
    /// <summary>Deepest nesting of parentheses and calls: what is typed by accident must not exhaust the stack.</summary>
    private const int MostDepth = 64;

    private static readonly (string Sign, Func<double, double, bool> Holds)[] Comparisons =
    [
        ("<=", (a, b) => a <= b), (">=", (a, b) => a >= b), ("==", (a, b) => a == b), ("!=", (a, b) => a != b),
        ("<", (a, b) => a < b), (">", (a, b) => a > b),
    ];

    private int _at;
    private int _depth;

    public HashSet<Quantity> Quantities { get; } = [];

    /// <summary>The whole text.</summary>
    /// <exception cref="WrongException">It cannot be read.</exception>
    public Func<ScoredItem, double> Parse()
    {
        // A little too long is said behind what else is wrong; of far too much nothing is read.
        if (text.Length > 2 * FeatureDefinition.LongestSource) throw TooLong();
        var value = Either();
        if (Peek() != '\0') throw NotExpected();
        return text.Length <= FeatureDefinition.LongestSource ? value : throw TooLong();
    }

    private Func<ScoredItem, double> Either()
    {
        if (++_depth > MostDepth) throw Wrong(_at, 1, $"more than {MostDepth} levels of parentheses.");
        var value = Both();
        var rest = new List<Operation>();
        while (TakeWord("or")) rest.Add(new(Both(), (a, b) => a != 0 || b != 0 ? 1 : 0));
        _depth--;
        return Chain(value, rest);
    }

    private Func<ScoredItem, double> Both()
    {
        var value = Comparison();
        var rest = new List<Operation>();
        while (TakeWord("and")) rest.Add(new(Comparison(), (a, b) => a != 0 && b != 0 ? 1 : 0));
        return Chain(value, rest);
    }

    private Func<ScoredItem, double> Comparison()
    {
        var left = Sum();
        foreach (var (sign, holds) in Comparisons)
        {
            if (!Take(sign)) continue;
            var right = Sum();
            return item => holds(left(item), right(item)) ? 1 : 0;
        }

        return left;
    }

    private Func<ScoredItem, double> Sum()
    {
        var value = Product();
        var rest = new List<Operation>();
        while (true)
        {
            if (Take("+")) rest.Add(new(Product(), (a, b) => a + b));
            else if (Take("-")) rest.Add(new(Product(), (a, b) => a - b));
            else return Chain(value, rest);
        }
    }

    private Func<ScoredItem, double> Product()
    {
        var value = Signed();
        var rest = new List<Operation>();
        while (true)
        {
            if (Take("*")) rest.Add(new(Signed(), (a, b) => a * b));
            else if (Take("/")) rest.Add(new(Signed(), (a, b) => a / b));
            else return Chain(value, rest);
        }
    }

    private Func<ScoredItem, double> Signed()
    {
        var negative = false;
        while (Take("-")) negative = !negative;
        var value = Power();
        return negative ? item => -value(item) : value;
    }

    // Binds tighter than a sign before it: -2^2 is -4. From the right: 2^3^2 is 512.
    private Func<ScoredItem, double> Power()
    {
        var value = Atom();
        if (!Take("^")) return value;
        if (++_depth > MostDepth) throw Wrong(_at, 1, $"more than {MostDepth} powers of powers.");
        var power = Chain(value, [new(Signed(), Math.Pow)]);
        _depth--;
        return power;
    }

    private Func<ScoredItem, double> Atom()
    {
        var next = Peek();
        if (next == '(')
        {
            var open = _at++;
            var inner = Either();
            return Take(")") ? inner : throw Unclosed(open);
        }

        if (char.IsAsciiDigit(next) || next == '.') return Number();
        if (char.IsLetter(next) || next == '_') return Named();
        throw next == '\0' ? Wrong(_at, 1, "a value is missing here.") : NotExpected();
    }

    private Func<ScoredItem, double> Number()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.')) _at++;
        var number = text[start.._at];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? _ => value
            : throw Wrong(start, number.Length, $"'{Excerpt.Of(number)}' is no number. Numbers are written 150 or 0.25.");
    }

    private Func<ScoredItem, double> Named()
    {
        var start = _at;
        var name = Word();
        _at += name.Length;
        if (Peek() == '(') return Call(name, start);
        var quantity = Quantity.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (quantity is null)
            throw Wrong(
                start, name.Length,
                $"'{Excerpt.Of(name)}' is not known. Quantities: {string.Join(", ", Quantity.All.Select(q => q.Name))}.");
        Quantities.Add(quantity);
        return item => quantity.Of(item) ?? double.NaN;
    }

    private Func<ScoredItem, double> Call(string name, int start)
    {
        var function = ExpressionFunction.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong(
                start, name.Length, $"there is no function '{Excerpt.Of(name)}'. Functions: {string.Join(", ", Expression.Functions)}.");
        var open = _at++;
        var arguments = new List<Func<ScoredItem, double>>();
        if (!Take(")"))
        {
            do arguments.Add(Either());
            while (Take(","));
            if (!Take(")")) throw Unclosed(open);
        }

        if (!function.Takes(arguments.Count))
            throw Wrong(start, _at - start, $"{function.Name} takes {function.Wanted}, not {arguments.Count}: {function.Form}.");
        Func<ScoredItem, double>[] values = [.. arguments];
        return item => function.Value(Array.ConvertAll(values, value => value(item)));
    }

    /// <summary>
    /// What stands between operators of one precedence, from the left. A loop, however many there are: a function in a function for each
    /// would be as deep as the text is long.
    /// </summary>
    private static Func<ScoredItem, double> Chain(Func<ScoredItem, double> first, List<Operation> rest)
    {
        if (rest.Count == 0) return first;
        Operation[] operations = [.. rest];
        return item =>
        {
            var value = first(item);
            foreach (var (next, apply) in operations) value = apply(value, next(item));
            return value;
        };
    }

    /// <summary>The next character that is no white space; NUL at the end.</summary>
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

    private bool TakeWord(string word)
    {
        Peek();
        if (!Word().Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        _at += word.Length;
        return true;
    }

    private string Word()
    {
        var end = _at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')) end++;
        return text[_at..end];
    }

    private WrongException Unclosed(int open)
    {
        var next = Peek();
        return next == '\0' ? Wrong(open, 1, "this parenthesis is not closed.") : NotExpected("here; a ')' or ',' would be right");
    }

    private WrongException NotExpected(string where = "here")
    {
        var word = Math.Max(1, Word().Length);
        return Wrong(_at, word, $"'{Excerpt.Of(text.AsSpan(_at, word))}' is not expected {where}.");
    }

    private WrongException TooLong() =>
        Wrong(FeatureDefinition.LongestSource, 1,
            $"the source has {text.Length} characters; at most {FeatureDefinition.LongestSource} are allowed.");

    private static WrongException Wrong(int start, int length, string message) => new(start, length, message);

    /// <summary>What is done with the value so far and the next one.</summary>
    private readonly record struct Operation(Func<ScoredItem, double> Next, Func<double, double, double> Apply);

    /// <summary>Where reading stopped.</summary>
    internal sealed class WrongException(int start, int length, string message) : Exception(message)
    {
        public int Start => start;

        public int Length => length;
    }
}
