using Rer.Engine.Data.Jinja.Builtins;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

// Operators of one level that follow one another are one node: a sum of a thousand terms is no deeper than one of two.

/// <summary>`value if condition else otherwise`.</summary>
internal sealed class Conditional(Place at, Expression value, Expression condition, Expression? otherwise) : Expression(at)
{
    protected override object? Evaluate(Scope scope) =>
        Values.IsTrue(condition.Value(scope)) ? value.Value(scope) : otherwise is null ? new Undefined("else") : otherwise.Value(scope);
}

/// <summary>`a and b and c`, `a or b or c`: the last value looked at, as in Python.</summary>
internal sealed class Logical(Place at, IReadOnlyList<Expression> operands, bool isAnd) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        object? value = null;
        foreach (var operand in operands)
        {
            value = operand.Value(scope);
            if (Values.IsTrue(value) != isAnd) break;
        }
        return value;
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
    protected override object? Evaluate(Scope scope)
    {
        var given = value.Value(scope);
        if (Values.Whole(given) is { } whole) return Operators.Checked(() => negative ? checked(-whole) : whole);
        if (given is double number) return negative ? -number : number;
        throw new EvaluationException($"{Values.Kind(given)} has no sign.");
    }
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
            if (!Holds(op, left, right, scope.Budget)) return false;
            left = right;
        }
        return true;
    }

    private static bool Holds(string op, object? a, object? b, RenderBudget budget) => op switch
    {
        "==" => Values.Equal(a, b, budget),
        "!=" => !Values.Equal(a, b, budget),
        "in" => Values.Contains(b, a, budget),
        "not in" => !Values.Contains(b, a, budget),
        "<" => Values.Compare(a, b, budget) < 0,
        "<=" => Values.Compare(a, b, budget) <= 0,
        ">" => Values.Compare(a, b, budget) > 0,
        _ => Values.Compare(a, b, budget) >= 0,
    };
}

/// <summary>`a + b - c` and its like, from the left.</summary>
internal sealed class Arithmetic(Place at, Expression first, IReadOnlyList<(Place At, string Operator, Expression Value)> rest)
    : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var left = first.Value(scope);
        foreach (var (place, op, next) in rest)
        {
            var right = next.Value(scope);
            try
            {
                left = Operators.Compute(op, left, right, scope.Budget);
            }
            catch (EvaluationException error)
            {
                throw new TemplateException(scope.TemplateName, place, error.Message);
            }
        }
        return left;
    }
}

/// <summary>`a ~ b ~ c`: the values as they are printed, one behind the other.</summary>
internal sealed class Concatenation(Place at, IReadOnlyList<Expression> parts) : Expression(at)
{
    protected override object? Evaluate(Scope scope) =>
        TextSplit.Join("", parts.Select(part => Printing.Text(part.Value(scope), scope.Budget)).ToList(), scope.Budget);
}
