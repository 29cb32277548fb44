using System.Runtime.CompilerServices;
using Rer.Engine.Data.Jinja.Builtins;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>A node of an expression.</summary>
/// <param name="at">Where it stands.</param>
internal abstract class Expression(Place at)
{
    /// <summary>Where it stands.</summary>
    public Place At { get; } = at;

    /// <summary>Its value.</summary>
    /// <exception cref="TemplateException">It has none, or the budget is used up; the message names the place.</exception>
    public object? Value(Scope scope)
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            scope.Budget.Step();
            return Evaluate(scope);
        }
        catch (EvaluationException error)
        {
            throw new TemplateException(scope.TemplateName, At, error.Message);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(scope.TemplateName, At,
                "calls are nested too deep for this thread: does a macro call itself without end?");
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

/// <summary>`[a, b]`.</summary>
internal sealed class ListExpression(Place at, IReadOnlyList<Expression> items) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        scope.Budget.Hold(items.Count);
        return items.Select(item => item.Value(scope)).ToList();
    }
}

/// <summary>`(a, b)`, or `a, b` where a list of values may stand.</summary>
internal sealed class TupleExpression(Place at, IReadOnlyList<Expression> items) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        scope.Budget.Hold(items.Count);
        return new TupleValue([.. items.Select(item => item.Value(scope))]);
    }
}

/// <summary>`{'a': b}`.</summary>
internal sealed class MappingExpression(Place at, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(at)
{
    protected override object? Evaluate(Scope scope)
    {
        var map = new Mapping();
        foreach (var (key, value) in entries) map.Set(key.Value(scope), value.Value(scope), scope.Budget);
        return map;
    }
}

/// <summary>`container.name`.</summary>
internal sealed class Member(Place at, Expression container, string name) : Expression(at)
{
    public Expression Container { get; } = container;

    public string Name { get; } = name;

    protected override object? Evaluate(Scope scope) => Members.Get(Container.Value(scope), Name, scope.Budget);
}

/// <summary>`container[key]`.</summary>
internal sealed class Element(Place at, Expression container, Expression key) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => Values.Element(container.Value(scope), key.Value(scope), scope.Budget);
}

/// <summary>`container[start:stop:step]`.</summary>
internal sealed class Slice(Place at, Expression container, Expression? start, Expression? stop, Expression? step) : Expression(at)
{
    protected override object? Evaluate(Scope scope) =>
        Values.Slice(container.Value(scope), Bound(start, scope), Bound(stop, scope), Bound(step, scope), scope.Budget);

    private static long? Bound(Expression? bound, Scope scope) => bound?.Value(scope) is not { } given ? null
        : Values.Whole(given) ?? throw new EvaluationException($"a slice is bounded by whole numbers, not by {Values.Kind(given)}.");
}
