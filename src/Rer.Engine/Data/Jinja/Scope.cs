namespace Rer.Engine.Data.Jinja;

/// <summary>The names known at a place of a template: those of the innermost loop or macro first, then those around it.</summary>
/// <param name="name">The template's name, for messages.</param>
/// <param name="outer">The scope around, or null.</param>
internal sealed class Scope(string name, Scope? outer = null)
{
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>The template's name.</summary>
    public string TemplateName { get; } = name;

    /// <summary>A scope within this one.</summary>
    public Scope Inner() => new(TemplateName, this);

    /// <summary>The outermost scope: what a macro sees besides its parameters.</summary>
    public Scope Outermost
    {
        get
        {
            var scope = this;
            while (scope.Outer is { } around) scope = around;
            return scope;
        }
    }

    private Scope? Outer { get; } = outer;

    /// <summary>The value of a name; <see cref="Undefined"/> where nothing has it.</summary>
    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out var value)) return value;
        }
        return new Undefined(name);
    }

    /// <summary>Gives a name a value here; outside this scope it keeps the one it had.</summary>
    public void Set(string name, object? value) => _values[name] = value;
}
