namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>`namespace(...)`: attributes that `set` may change from within a loop.</summary>
/// <param name="values">Its attributes.</param>
internal sealed class NamespaceValue(Dictionary<string, object?> values) : IMembers
{
    /// <inheritdoc/>
    public object? Member(string name) => values.TryGetValue(name, out var value) ? value : new Undefined(name);

    /// <summary>The attributes as a mapping, as a namespace is printed.</summary>
    public Mapping ToMapping(RenderBudget budget)
    {
        var map = new Mapping();
        foreach (var (name, value) in values) map.Set(name, value, budget);
        return map;
    }

    /// <summary>Gives an attribute a value.</summary>
    public void Set(string name, object? value) => values[name] = value;
}
