using System.Globalization;
using System.Runtime.CompilerServices;

namespace Rer.Engine.Data.Jinja;

/// <summary>Reads expressions. Each method is one level of binding, the loosest first, as in Jinja's grammar.</summary>
/// <param name="tokens">The template's tokens.</param>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression, or several with commas between, which make a list.</summary>
    public Expression Tuple()
    {
        var first = Whole();
        if (!tokens.Next.Is(",")) return first;
        var items = new List<Expression> { first };
        while (tokens.TryTake(","))
        {
            if (tokens.Next.Kind is TokenKind.BlockEnd or TokenKind.OutputEnd || tokens.Next.Is(")")) break;
            items.Add(Whole());
        }
        return new ListExpression(first.At, items);
    }

    /// <summary>An expression: `a if b else c` and all that binds closer.</summary>
    /// <param name="withCondition">Whether `if` may follow; behind `for … in` it would be the loop's.</param>
    public Expression Whole(bool withCondition = true)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw tokens.Error(tokens.Next.At, "brackets are nested too deep.");
        var value = Or();
        while (withCondition && tokens.Next.IsName("if"))
        {
            var at = tokens.Take().At;
            var condition = Or();
            value = new Conditional(at, value, condition, tokens.TryTakeName("else") ? Whole() : null);
        }
        return value;
    }

    /// <summary>`name(arguments)` behind `|`, ready for the value to be filtered.</summary>
    public Func<Expression, Expression> Filter()
    {
        var (at, name) = DottedName("a filter's name");
        if (!Filters.Has(name)) throw tokens.Error(at, $"there is no filter '{name}'. Known ones: {Filters.Names}.");
        var arguments = tokens.Next.Is("(") ? Arguments() : ArgumentList.None;
        return value => new Filtered(at, value, name, arguments);
    }

    /// <summary>`name`, `space.name`, or several with commas between.</summary>
    public Target Target()
    {
        var at = tokens.Next.At;
        var bracketed = tokens.TryTake("(");
        var names = new List<Expression>();
        do
        {
            var name = tokens.Expect(TokenKind.Name, "a name");
            Expression target = new Name(name.At, name.Text);
            while (tokens.TryTake(".")) target = new Member(name.At, target, tokens.Expect(TokenKind.Name, "an attribute's name").Text);
            names.Add(target);
        }
        while (tokens.TryTake(","));
        if (bracketed) tokens.Expect(")");
        return new Target(at, names);
    }

    private Expression Or()
    {
        var left = And();
        while (tokens.Next.IsName("or")) left = new Logical(tokens.Take().At, left, And(), isAnd: false);
        return left;
    }

    private Expression And()
    {
        var left = Negation();
        while (tokens.Next.IsName("and")) left = new Logical(tokens.Take().At, left, Negation(), isAnd: true);
        return left;
    }

    private Expression Negation() => tokens.Next.IsName("not") ? new Not(tokens.Take().At, Negation()) : Compared();

    private Expression Compared()
    {
        var first = Sum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Next.Kind == TokenKind.Operator && Comparisons.Contains(tokens.Next.Text)) rest.Add((tokens.Take().Text, Sum()));
            else if (tokens.TryTakeName("in")) rest.Add(("in", Sum()));
            else if (tokens.Next.IsName("not") && tokens.AfterNext.IsName("in"))
            {
                tokens.Take();
                tokens.Take();
                rest.Add(("not in", Sum()));
            }
            else break;
        }
        return rest.Count == 0 ? first : new Comparison(first.At, first, rest);
    }

    private Expression Sum() => Binary(Joined, "+", "-");

    private Expression Joined() => Binary(Product, "~");

    private Expression Product() => Binary(Power, "*", "/", "//", "%");

    private Expression Power() => Binary(() => Signed(), "**");

    private Expression Binary(Func<Expression> operand, params string[] operators)
    {
        var left = operand();
        while (tokens.Next.Kind == TokenKind.Operator && operators.Contains(tokens.Next.Text))
        {
            var op = tokens.Take();
            left = new Arithmetic(op.At, op.Text, left, operand());
        }
        return left;
    }

    private Expression Signed(bool withFilters = true)
    {
        var next = tokens.Next;
        Expression value;
        if (next.Is("-") || next.Is("+"))
        {
            tokens.Take();
            value = new Signed(next.At, Signed(withFilters: false), next.Text == "-");
        }
        else
        {
            value = Primary();
        }
        value = Postfix(value);
        return withFilters ? FilteredOrTested(value) : value;
    }

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
                var text = token.Text;
                while (tokens.Next.Kind == TokenKind.String) text += tokens.Take().Text;
                return new Constant(token.At, text);
            case TokenKind.Integer when long.TryParse(token.Text, CultureInfo.InvariantCulture, out var whole):
                return new Constant(token.At, whole);
            case TokenKind.Integer or TokenKind.Float:
                return new Constant(token.At, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                if (tokens.TryTake(")")) return new ListExpression(token.At, []);
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

    private List<Expression> Items(string close)
    {
        var items = new List<Expression>();
        while (!tokens.TryTake(close))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (tokens.TryTake(close)) break;
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
            if (tokens.TryTake("}")) break;
            var key = Whole();
            tokens.Expect(":");
            entries.Add((key, Whole()));
        }
        return new MappingExpression(at, entries);
    }

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            var at = tokens.Next.At;
            if (tokens.TryTake("."))
            {
                var name = tokens.Take();
                value = name.Kind switch
                {
                    TokenKind.Name => new Member(name.At, value, name.Text),
                    TokenKind.Integer => new Element(name.At, value, new Constant(name.At, long.Parse(name.Text, CultureInfo.InvariantCulture))),
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
            else if (bounds[colons] is null) bounds[colons] = Whole();
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
        var named = new List<(string, Expression)>();
        while (!tokens.TryTake(")"))
        {
            if (positional.Count + named.Count > 0) tokens.Expect(",");
            if (tokens.TryTake(")")) break;
            if (tokens.Next.Kind == TokenKind.Name && tokens.AfterNext.Is("="))
            {
                var name = tokens.Take().Text;
                tokens.Take();
                named.Add((name, Whole()));
            }
            else
            {
                positional.Add(Whole());
            }
        }
        return new ArgumentList(positional, named);
    }

    private Expression FilteredOrTested(Expression value)
    {
        while (true)
        {
            if (tokens.TryTake("|")) value = Filter()(value);
            else if (tokens.TryTakeName("is")) value = Test(value);
            // A filtered value may be called or indexed again: `(a | list)[0]` needs its brackets, `a | first.b` does not exist.
            else if (tokens.Next.Is("(")) value = new Call(tokens.Next.At, value, Arguments());
            else return value;
        }
    }

    private Tested Test(Expression value)
    {
        var negated = tokens.TryTakeName("not");
        var (at, name) = DottedName("a test's name");
        if (!ValueTests.Has(name)) throw tokens.Error(at, $"there is no test '{name}'. Known ones: {ValueTests.Names}.");
        var arguments = ArgumentList.None;
        if (tokens.Next.Is("(")) arguments = Arguments();
        else if (BeginsArgument(tokens.Next)) arguments = new ArgumentList([Postfix(Primary())], []);
        return new Tested(at, value, name, arguments, negated);
    }

    private static bool BeginsArgument(Token token) => token.Kind switch
    {
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        TokenKind.Name => token.Text is not ("else" or "or" or "and" or "is" or "if" or "not" or "in"),
        TokenKind.Operator => token.Text is "[" or "{",
        _ => false,
    };

    private (Place At, string Name) DottedName(string what)
    {
        var name = tokens.Expect(TokenKind.Name, what);
        var text = name.Text;
        while (tokens.TryTake(".")) text += "." + tokens.Expect(TokenKind.Name, what).Text;
        return (name.At, text);
    }
}
