using System.Collections;
using System.Runtime.CompilerServices;

namespace Rer.Engine.Data.Jinja;

/// <summary>A node of an expression.</summary>
/// <param name="at">Where it stands.</param>
internal abstract class Expression(Place at)
{
    /// <summary>Where it stands.</summary>
    public Place At { get; } = at;

    /// <summary>Its value.</summary>
    /// <exception cref="TemplateException">It has none; the message names the place.</exception>
    public object? Value(Scope scope)
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return Evaluate(scope);
        }
        catch (EvaluationException error)
        {
            throw new TemplateException(scope.TemplateName, At, error.Message);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(scope.TemplateName, At, "calls are nested too deep: does a macro call itself without end?");
        }
    }

    protected abstract object? Evaluate(Scope scope);
}

/// <summary>A number, text, boolean or none as it is written.</summary>
internal sealed class Constant(Place at, object? value) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => value;
}

/// <summary>A name.</summary>
internal sealed class Name(Place at, string name) : Expression(at)
{
    public string Text { get; } = name;

    protected override object? Evaluate(Scope scope) => scope.Get(Text);
}

/// <summary>`[a, b]` or `(a, b)`.</summary>
internal sealed class ListExpression(Place at, IReadOnlyList<Expression> items) : Expression(at)
{
    public IReadOnlyList<Expression> Items { get; } = items;

    protected override object? Evaluate(Scope scope) => Items.Select(item => item.Value(scope)).ToList();
}

/// <summary>`{'a': b}`.</summary>
internal sealed class MappingExpression(Place at, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var map = new Dictionary<string, object?>();
        foreach (var (key, value) in entries)
            map[key.Value(scope) as string ?? throw new EvaluationException("the keys of a mapping must be texts.")] = value.Value(scope);
        return map;
    }
}

/// <summary>`container.name`.</summary>
internal sealed class Member(Place at, Expression container, string name) : Expression(at)
{
    public Expression Container { get; } = container;

    public string Name { get; } = name;

    protected override object? Evaluate(Scope scope) => Members.Get(Container.Value(scope), Name);
}

/// <summary>`container[key]`.</summary>
internal sealed class Element(Place at, Expression container, Expression key) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => Values.Element(container.Value(scope), key.Value(scope));
}

/// <summary>`container[start:stop:step]`.</summary>
internal sealed class Slice(Place at, Expression container, Expression? start, Expression? stop, Expression? step) : Expression(at)
{
    protected override object? Evaluate(Scope scope) =>
        Values.Slice(container.Value(scope), Bound(start, scope), Bound(stop, scope), Bound(step, scope));

    private static long? Bound(Expression? bound, Scope scope) => bound?.Value(scope) switch
    {
        null => null,
        long number => number,
        var other => throw new EvaluationException($"a slice is bounded by whole numbers, not by {Values.Kind(other)}."),
    };
}

/// <summary>Arguments as they are written.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList None { get; } = new([], []);

    public Arguments Values(Scope scope) =>
        new([.. Positional.Select(argument => argument.Value(scope))], Named.ToDictionary(argument => argument.Name, argument => argument.Value.Value(scope)));
}

/// <summary>`function(arguments)`.</summary>
internal sealed class Call(Place at, Expression function, ArgumentList arguments) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => function.Value(scope) switch
    {
        TemplateFunction callable => callable(arguments.Values(scope)),
        Undefined undefined => throw new EvaluationException($"'{undefined.Name}' is not known, so it cannot be called."),
        var other => throw new EvaluationException($"{Values.Kind(other)} cannot be called."),
    };
}

/// <summary>`value | filter(arguments)`.</summary>
internal sealed class Filtered(Place at, Expression value, string filter, ArgumentList arguments) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => Filters.Apply(filter, value.Value(scope), arguments.Values(scope));
}

/// <summary>`value is test(arguments)`.</summary>
internal sealed class Tested(Place at, Expression value, string test, ArgumentList arguments, bool negated) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => ValueTests.Holds(test, value.Value(scope), arguments.Values(scope)) != negated;
}

/// <summary>`value if condition else otherwise`.</summary>
internal sealed class Conditional(Place at, Expression value, Expression condition, Expression? otherwise) : Expression(at)
{
    protected override object? Evaluate(Scope scope) =>
        Values.IsTrue(condition.Value(scope)) ? value.Value(scope) : otherwise is null ? new Undefined("else") : otherwise.Value(scope);
}

/// <summary>`a and b`, `a or b`: the last value looked at, as in Python.</summary>
internal sealed class Logical(Place at, Expression left, Expression right, bool isAnd) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var first = left.Value(scope);
        return Values.IsTrue(first) == isAnd ? right.Value(scope) : first;
    }
}

/// <summary>`not a`.</summary>
internal sealed class Not(Place at, Expression value) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => !Values.IsTrue(value.Value(scope));
}

/// <summary>`-a` and `+a`.</summary>
internal sealed class Signed(Place at, Expression value, bool negative) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => value.Value(scope) switch
    {
        // Each is boxed as it is: left to itself the switch would make all of them doubles.
        long number => (object)(negative ? -number : number),
        double number => negative ? -number : number,
        bool flag => (flag ? 1L : 0) * (negative ? -1 : 1),
        var other => throw new EvaluationException($"{Values.Kind(other)} has no sign."),
    };
}

/// <summary>`a &lt; b &lt;= c`: each pair in turn must hold.</summary>
internal sealed class Comparison(Place at, Expression first, IReadOnlyList<(string Operator, Expression Value)> rest) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var left = first.Value(scope);
        foreach (var (op, next) in rest)
        {
            var right = next.Value(scope);
            if (!Holds(op, left, right)) return false;
            left = right;
        }
        return true;
    }

    private static bool Holds(string op, object? a, object? b) => op switch
    {
        "==" => Values.Equal(a, b),
        "!=" => !Values.Equal(a, b),
        "in" => Values.Contains(b, a),
        "not in" => !Values.Contains(b, a),
        "<" => Values.Compare(a, b) < 0,
        "<=" => Values.Compare(a, b) <= 0,
        ">" => Values.Compare(a, b) > 0,
        _ => Values.Compare(a, b) >= 0,
    };
}

/// <summary>`a + b` and its like.</summary>
internal sealed class Arithmetic(Place at, string op, Expression left, Expression right) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var (a, b) = (left.Value(scope), right.Value(scope));
        return op switch
        {
            "~" => Values.Text(a) + Values.Text(b),
            "+" when a is string first && b is string second => first + second,
            "+" when a is IList first && b is IList second => first.Cast<object?>().Concat(second.Cast<object?>()).ToList(),
            "*" when a is string text && b is long times => Repeat(text, times),
            "*" when a is long times && b is string text => Repeat(text, times),
            _ when Whole(a) is { } x && Whole(b) is { } y && op != "/" && !(op == "**" && y < 0) => (object)Compute(x, y),
            _ when Values.Number(a) is { } x && Values.Number(b) is { } y => Compute(x, y),
            _ => throw new EvaluationException($"'{op}' does not take {Values.Kind(a)} and {Values.Kind(b)}."),
        };
    }

    private static string Repeat(string text, long times) => string.Concat(Enumerable.Repeat(text, (int)Math.Max(0, times)));

    private static long? Whole(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    private long Compute(long a, long b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "**" => (long)Math.Pow(a, b),
        // Python rounds a quotient down, and its remainder has the divisor's sign.
        "//" => b == 0 ? throw new EvaluationException("division by zero.") : (long)Math.Floor((double)a / b),
        _ => b == 0 ? throw new EvaluationException("division by zero.") : ((a % b) + b) % b,
    };

    private double Compute(double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "**" => Math.Pow(a, b),
        _ when b == 0 => throw new EvaluationException("division by zero."),
        "/" => a / b,
        "//" => Math.Floor(a / b),
        _ => a - b * Math.Floor(a / b),
    };
}
