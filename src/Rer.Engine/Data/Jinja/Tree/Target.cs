using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>What `set` and `for` assign to: a name, an attribute of a namespace, or several that a value is taken apart into.</summary>
internal abstract class Target(Place at)
{
    /// <summary>Where it stands.</summary>
    protected Place At { get; } = at;

    /// <summary>Gives it a value.</summary>
    /// <exception cref="TemplateException">The value cannot be taken apart, or what has the attribute is no namespace.</exception>
    public abstract void Assign(Scope scope, object? value);
}

/// <summary>A name.</summary>
internal sealed class NameTarget(Place at, string name) : Target(at)
{
    public override void Assign(Scope scope, object? value) => scope.Set(name, value);
}

/// <summary>An attribute of a namespace: `space.name`.</summary>
internal sealed class AttributeTarget(Place at, Expression container, string name) : Target(at)
{
    public override void Assign(Scope scope, object? value)
    {
        var space = container.Value(scope) as NamespaceValue
            ?? throw new TemplateException(scope.TemplateName, At, "only a name or an attribute of a namespace can be set.");
        space.Set(name, value);
    }
}

/// <summary>`a, (b, c)`.</summary>
internal sealed class TupleTarget(Place at, IReadOnlyList<Target> targets) : Target(at)
{
    public override void Assign(Scope scope, object? value)
    {
        var items = Items(scope, value);
        if (items is null || items.Count != targets.Count)
            throw new TemplateException(scope.TemplateName, At, $"{Values.Kind(value)} cannot be taken apart into {targets.Count} names.");
        for (var i = 0; i < targets.Count; i++) targets[i].Assign(scope, items[i]);
    }

    private IReadOnlyList<object?>? Items(Scope scope, object? value)
    {
        try
        {
            return Values.Items(value, scope.Budget);
        }
        catch (EvaluationException error) when (value is string)
        {
            throw new TemplateException(scope.TemplateName, At, error.Message);
        }
        catch (EvaluationException)
        {
            return null;
        }
    }
}
