namespace Rer.Engine.Data.Jinja;

/// <summary>`namespace(...)`: attributes that `set` may change from within a loop.</summary>
/// <param name="values">Its attributes.</param>
internal sealed class NamespaceValue(Dictionary<string, object?> values)
{
    /// <summary>Its attributes.</summary>
    public Dictionary<string, object?> Values { get; } = values;
}
