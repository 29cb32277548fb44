using Rer.Engine.Data.Jinja.Builtins;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>Arguments as they are written.</summary>
/// <param name="Positional">Those without a name.</param>
/// <param name="Named">Those with one.</param>
/// <param name="More">`*values`: elements that are arguments without a name.</param>
/// <param name="MoreNamed">`**mapping`: values that are arguments by the name of their keys.</param>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? More = null,
    Expression? MoreNamed = null)
{
    /// <summary>No arguments.</summary>
    public static ArgumentList None { get; } = new([], []);

    /// <summary>Their values.</summary>
    /// <exception cref="EvaluationException">Two have the same name, or what stands behind a star has no elements.</exception>
    public Arguments Values(Scope scope)
    {
        var positional = Positional.Select(argument => argument.Value(scope)).ToList();
        if (More?.Value(scope) is { } more)
        {
            var items = Runtime.Values.Items(more, scope.Budget);
            scope.Budget.Hold(items.Count);
            positional.AddRange(items);
        }
        var named = Named.ToDictionary(argument => argument.Name, argument => argument.Value.Value(scope));
        if (MoreNamed?.Value(scope) is { } moreNamed)
        {
            var map = moreNamed as Mapping ?? throw new EvaluationException($"'**' takes a mapping, not {Runtime.Values.Kind(moreNamed)}.");
            for (var i = 0; i < map.Count; i++)
            {
                var name = map.Keys[i] as string ?? throw new EvaluationException("'**' takes a mapping whose keys are texts.");
                if (!named.TryAdd(name, map.Values[i])) throw new EvaluationException($"the argument '{name}' is given twice.");
            }
        }
        return new Arguments(scope.Budget, positional, named);
    }
}

/// <summary>`function(arguments)`.</summary>
internal sealed class Call(Place at, Expression function, ArgumentList arguments) : Expression(at)
{
    protected override object? Evaluate(Scope scope) => Invoke(scope, null);

    /// <summary>Calls the function with the body of a call block, which it knows as `caller`.</summary>
    public object? Invoke(Scope scope, TemplateFunction? caller)
    {
        var callee = function.Value(scope);
        var given = arguments.Values(scope);
        if (caller is not null)
        {
            var named = new Dictionary<string, object?>(given.Named);
            if (!named.TryAdd("caller", caller)) throw new EvaluationException("the argument 'caller' is that of the call block.");
            given = given with { Named = named };
        }
        return callee switch
        {
            TemplateFunction callable => callable(given),
            ICallable callable => callable.Call(given),
            Undefined undefined => throw new EvaluationException($"'{undefined.Name}' is not known, so it cannot be called."),
            _ => throw new EvaluationException($"{Values.Kind(callee)} cannot be called."),
        };
    }
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
