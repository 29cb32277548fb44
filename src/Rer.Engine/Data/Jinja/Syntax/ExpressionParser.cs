using Rer.Engine.Data.Jinja.Builtins;
using Rer.Engine.Data.Jinja.Tree;

namespace Rer.Engine.Data.Jinja.Syntax;

/// <summary>Reads expressions. Each method is one level of binding, the loosest first, as in Jinja's grammar.</summary>
/// <param name="tokens">The template's tokens.</param>
internal sealed partial class ExpressionParser(TokenReader tokens)
{
    /// <summary>So many attributes, indices, calls or filters may follow one another.</summary>
    public const int LongestChain = 200;

    private static readonly string[] _comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression, or several with commas between, which make a tuple.</summary>
    /// <param name="withCondition">Whether `if` may follow: behind `for … in` it is the loop's, and a tag `if` knows no other.</param>
    public Expression Tuple(bool withCondition = true)
    {
        var first = Whole(withCondition);
        if (!tokens.Next.Is(",")) return first;
        var items = new List<Expression> { first };
        while (tokens.TryTake(","))
        {
            if (tokens.Next.Kind is TokenKind.BlockEnd or TokenKind.OutputEnd || tokens.Next.Is(")") || tokens.Next.Is("]")) break;
            items.Add(Whole(withCondition));
        }
        return new TupleExpression(first.At, items);
    }

    /// <summary>An expression: `a if b else c` and all that binds closer.</summary>
    /// <param name="withCondition">Whether `if` may follow.</param>
    public Expression Whole(bool withCondition = true)
    {
        tokens.Enter(tokens.Next.At);
        var value = Or();
        for (var links = 0; withCondition && tokens.Next.IsName("if"); links++)
        {
            CheckChain(links);
            var at = tokens.Take().At;
            var condition = Or();
            value = new Conditional(at, value, condition, tokens.TryTakeName("else") ? Whole() : null);
        }
        tokens.Leave();
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

    /// <summary>Filters behind a tag, one applied to what the other gives.</summary>
    public List<Func<Expression, Expression>> FilterChain()
    {
        var filters = new List<Func<Expression, Expression>>();
        do
        {
            CheckChain(filters.Count);
            filters.Add(Filter());
        }
        while (tokens.TryTake("|"));
        return filters;
    }

    /// <summary>`name`, `space.name`, or several targets with commas between.</summary>
    public Target Target()
    {
        var at = tokens.Next.At;
        var targets = new List<Target> { SingleTarget() };
        var isTuple = false;
        while (tokens.TryTake(","))
        {
            isTuple = true;
            if (tokens.Next.Is(")")) break;
            targets.Add(SingleTarget());
        }
        return isTuple ? new TupleTarget(at, targets) : targets[0];
    }

    private Target SingleTarget()
    {
        if (tokens.Next.Is("("))
        {
            tokens.Enter(tokens.Take().At);
            var inner = Target();
            tokens.Expect(")");
            tokens.Leave();
            return inner;
        }
        var name = tokens.Expect(TokenKind.Name, "a name");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw tokens.Error(name.At, $"'{name.Text}' cannot be set.");
        if (!tokens.TryTake(".")) return new NameTarget(name.At, name.Text);
        Expression container = new Name(name.At, name.Text);
        var attribute = tokens.Expect(TokenKind.Name, "an attribute's name").Text;
        for (var links = 0; tokens.TryTake("."); links++)
        {
            CheckChain(links);
            container = new Member(name.At, container, attribute);
            attribute = tokens.Expect(TokenKind.Name, "an attribute's name").Text;
        }
        return new AttributeTarget(name.At, container, attribute);
    }

    private Expression Or() => Logical(And, "or", isAnd: false);

    private Expression And() => Logical(Negation, "and", isAnd: true);

    private Expression Logical(Func<Expression> operand, string name, bool isAnd)
    {
        var first = operand();
        if (!tokens.Next.IsName(name)) return first;
        var at = tokens.Next.At;
        var operands = new List<Expression> { first };
        while (tokens.TryTakeName(name)) operands.Add(operand());
        return new Logical(at, operands, isAnd);
    }

    private Expression Negation()
    {
        if (!tokens.Next.IsName("not")) return Compared();
        var at = tokens.Take().At;
        tokens.Enter(at);
        var negation = new Not(at, Negation());
        tokens.Leave();
        return negation;
    }

    private Expression Compared()
    {
        var first = Sum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Next.Kind == TokenKind.Operator && _comparisons.Contains(tokens.Next.Text)) rest.Add((tokens.Take().Text, Sum()));
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

    private Expression Joined()
    {
        var first = Product();
        if (!tokens.Next.Is("~")) return first;
        var at = tokens.Next.At;
        var parts = new List<Expression> { first };
        while (tokens.TryTake("~")) parts.Add(Product());
        return new Concatenation(at, parts);
    }

    private Expression Product() => Binary(Power, "*", "/", "//", "%");

    private Expression Power() => Binary(() => Signed(), "**");

    private Expression Binary(Func<Expression> operand, params string[] operators)
    {
        var first = operand();
        var rest = new List<(Place, string, Expression)>();
        while (tokens.Next.Kind == TokenKind.Operator && operators.Contains(tokens.Next.Text))
        {
            var op = tokens.Take();
            rest.Add((op.At, op.Text, operand()));
        }
        return rest.Count == 0 ? first : new Arithmetic(first.At, first, rest);
    }

    private Expression Signed(bool withFilters = true)
    {
        var next = tokens.Next;
        Expression value;
        if (next.Is("-") || next.Is("+"))
        {
            tokens.Enter(tokens.Take().At);
            value = new Signed(next.At, Signed(withFilters: false), next.Text == "-");
            tokens.Leave();
        }
        else
        {
            value = Primary();
        }
        value = Postfix(value);
        return withFilters ? FilteredOrTested(value) : value;
    }

    private Expression FilteredOrTested(Expression value)
    {
        for (var links = 0; ; links++)
        {
            CheckChain(links);
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
        for (var links = 0; tokens.TryTake("."); links++)
        {
            CheckChain(links);
            text += "." + tokens.Expect(TokenKind.Name, what).Text;
        }
        return (name.At, text);
    }

    private void CheckChain(int links)
    {
        if (links > LongestChain)
            throw tokens.Error(tokens.Next.At, $"at most {LongestChain} attributes, calls or filters may follow one another.");
    }
}
