using System.Collections;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Python's tuple: `(1, 'a')`.</summary>
/// <param name="items">Its elements.</param>
/// <param name="names">Attributes that stand for the elements, as those of a group: `group.grouper`.</param>
internal sealed class TupleValue(IReadOnlyList<object?> items, params string[] names) : IReadOnlyList<object?>
{
    /// <summary>How many elements there are.</summary>
    public int Count => items.Count;

    /// <summary>An element by its index.</summary>
    public object? this[int index] => items[index];

    /// <summary>The element behind an attribute, or undefined.</summary>
    public object? Member(string name) => Array.IndexOf(names, name) is >= 0 and var index ? items[index] : new Undefined(name);

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
