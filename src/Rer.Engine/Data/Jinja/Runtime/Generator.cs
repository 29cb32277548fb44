namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>
/// What filters like `map` and `select` give: elements that can be gone through once. As in Jinja it has no length and counts as true even
/// where it has no element.
/// </summary>
/// <param name="items">The elements.</param>
internal sealed class Generator(IReadOnlyList<object?> items)
{
    private int _next;

    /// <summary>Takes the next element; false where there is none.</summary>
    public bool TryTake(out object? item)
    {
        item = _next < items.Count ? items[_next] : null;
        return _next < items.Count && ++_next > 0;
    }

    /// <summary>Takes all that are left.</summary>
    public IReadOnlyList<object?> TakeRest()
    {
        var rest = _next == 0 ? items : items.Skip(_next).ToList();
        _next = items.Count;
        return rest;
    }
}
