using System.Globalization;
using System.Text;
using Rer.Engine.Data.Jinja.Tree;

namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>Reads what stands between operators: literals, brackets, calls, indices.</summary>
internal sealed partial class ExpressionParser
{
    private Expression Primary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Constant(token.At, true),
                    "false" or "False" => new Constant(token.At, false),
                    "none" or "None" => new Constant(token.At, null),
                    _ => new Name(token.At, token.Text),
                };
            case TokenKind.String:
                // Texts that follow one another are one, as in Python.
                var text = new StringBuilder(token.Text);
                while (tokens.Next.Kind == TokenKind.String) text.Append(tokens.Take().Text);
                return new Constant(token.At, text.ToString());
            case TokenKind.Integer:
                return new Constant(token.At, Integer(token));
            case TokenKind.Float:
                return new Constant(token.At, double.Parse(Digits(token), CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                if (tokens.TryTake(")")) return new TupleExpression(token.At, []);
                var inner = Tuple();
                tokens.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new ListExpression(token.At, Items("]"));
            case TokenKind.Operator when token.Text == "{":
                return Mapping(token.At);
            default:
                throw tokens.Error(token.At, $"a value is needed here, not {token.Shown}.");
        }
    }

    private long Integer(Token token)
    {
        var digits = Digits(token);
        var (start, numberBase) = digits.Length > 2 && digits[0] == '0' && char.IsAsciiLetter(digits[1])
            ? (2, (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, _ => 2 }) : (0, 10);
        Int128 number = 0;
        foreach (var c in digits.AsSpan(start))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            if (digit >= numberBase) throw tokens.Error(token.At, $"'{digits}' is no number.");
            number = number * numberBase + digit;
            if (number > long.MaxValue) throw tokens.Error(token.At, "a whole number beyond 64 bits is not supported.");
        }
        return (long)number;
    }

    /// <summary>A number without its underscores, of which single ones may stand between digits.</summary>
    private string Digits(Token token)
    {
        if (token.Text.Contains("__") || token.Text.EndsWith('_')) throw tokens.Error(token.At, $"'{token.Text}' is no number.");
        return token.Text.Replace("_", "", StringComparison.Ordinal);
    }

    private List<Expression> Items(string close)
    {
        var items = new List<Expression>();
        while (!tokens.TryTake(close))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (items.Count > 0 && tokens.TryTake(close)) break;
            items.Add(Whole());
        }
        return items;
    }

    private MappingExpression Mapping(Place at)
    {
        var entries = new List<(Expression, Expression)>();
        while (!tokens.TryTake("}"))
        {
            if (entries.Count > 0) tokens.Expect(",");
            if (entries.Count > 0 && tokens.TryTake("}")) break;
            var key = Whole();
            tokens.Expect(":");
            entries.Add((key, Whole()));
        }
        return new MappingExpression(at, entries);
    }

    private Expression Postfix(Expression value)
    {
        for (var links = 0; ; links++)
        {
            CheckChain(links);
            var at = tokens.Next.At;
            if (tokens.TryTake("."))
            {
                var name = tokens.Take();
                value = name.Kind switch
                {
                    TokenKind.Name => new Member(name.At, value, name.Text),
                    TokenKind.Integer => new Element(name.At, value, new Constant(name.At, Integer(name))),
                    _ => throw tokens.Error(name.At, $"an attribute's name is needed here, not {name.Shown}."),
                };
            }
            else if (tokens.TryTake("[")) value = Subscript(at, value);
            else if (tokens.Next.Is("(")) value = new Call(at, value, Arguments());
            else return value;
        }
    }

    private Expression Subscript(Place at, Expression value)
    {
        var bounds = new Expression?[3];
        var colons = 0;
        while (!tokens.Next.Is("]"))
        {
            if (tokens.TryTake(":"))
            {
                if (++colons > 2) throw tokens.Error(at, "a slice has at most a start, a stop and a step.");
            }
            else if (bounds[colons] is null) bounds[colons] = colons == 0 ? Tuple() : Whole();
            else throw tokens.Unexpected("']' or ':'");
        }
        tokens.Expect("]");
        if (colons > 0) return new Slice(at, value, bounds[0], bounds[1], bounds[2]);
        return new Element(at, value, bounds[0] ?? throw tokens.Error(at, "an index or a slice is needed between '[' and ']'."));
    }

    private ArgumentList Arguments()
    {
        tokens.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string Name, Expression Value)>();
        Expression? more = null, moreNamed = null;
        for (var first = true; !tokens.TryTake(")"); first = false)
        {
            if (!first) tokens.Expect(",");
            if (!first && tokens.TryTake(")")) break;
            var next = tokens.Next;
            if (tokens.TryTake("*"))
            {
                if (more is not null || moreNamed is not null) throw tokens.Error(next.At, "'*' may stand once, and before '**'.");
                more = Whole();
            }
            else if (tokens.TryTake("**"))
            {
                if (moreNamed is not null) throw tokens.Error(next.At, "'**' may stand once.");
                moreNamed = Whole();
            }
            else if (next.Kind == TokenKind.Name && tokens.AfterNext.Is("="))
            {
                tokens.Take();
                tokens.Take();
                if (moreNamed is not null) throw tokens.Error(next.At, "nothing may stand behind '**'.");
                if (named.Any(argument => argument.Name == next.Text))
                    throw tokens.Error(next.At, $"the argument '{next.Text}' is given twice.");
                named.Add((next.Text, Whole()));
            }
            else if (named.Count > 0 || more is not null || moreNamed is not null)
            {
                throw tokens.Error(next.At, "an argument without a name stands before all others.");
            }
            else
            {
                positional.Add(Whole());
            }
        }
        return new ArgumentList(positional, named, more, moreNamed);
    }
}
