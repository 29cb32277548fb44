using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>The names known at a place of a template: those of the innermost loop, block or macro first, then those around it.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, object?> _values = [];
    private readonly Scope? _outer;

    /// <summary>The outermost scope of a rendering.</summary>
    /// <param name="templateName">What messages call the template.</param>
    /// <param name="budget">What the rendering may use.</param>
    public Scope(string templateName, RenderBudget budget) => (TemplateName, Budget) = (templateName, budget);

    private Scope(Scope outer) => (TemplateName, Budget, _outer) = (outer.TemplateName, outer.Budget, outer);

    /// <summary>The template's name.</summary>
    public string TemplateName { get; }

    /// <summary>What the rendering may use.</summary>
    public RenderBudget Budget { get; }

    /// <summary>A scope within this one.</summary>
    public Scope Inner() => new(this);

    /// <summary>The value of a name; <see cref="Undefined"/> where nothing has it.</summary>
    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._values.TryGetValue(name, out var value)) return value;
        }
        return new Undefined(name);
    }

    /// <summary>Gives a name a value here; outside this scope it keeps the one it had.</summary>
    public void Set(string name, object? value) => _values[name] = value;
}
