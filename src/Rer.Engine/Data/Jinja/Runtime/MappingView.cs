namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>What `keys()`, `values()` and `items()` of a mapping give: elements in order, without indices.</summary>
/// <param name="Kind">Which it is, as Python prints it: `dict_items`.</param>
/// <param name="Items">The elements.</param>
internal sealed record MappingView(string Kind, IReadOnlyList<object?> Items)
{
    /// <summary>The kind of a view of values, which is never equal to another.</summary>
    public const string OfValues = "dict_values";
}
