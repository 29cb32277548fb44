using System.Collections;
using System.Text.Json;

namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Values of the program as a template's.</summary>
internal sealed class ValueImport
{
    private readonly RenderBudget _unbounded = new(int.MaxValue);

    /// <summary>Characters and elements of what was taken over.</summary>
    public long Size { get; private set; }

    /// <summary>A value as a template's.</summary>
    /// <exception cref="ArgumentException">A template cannot be given such a value, or one nested that deep.</exception>
    public object? Value(object? value) => Value(value, 0);

    private object? Value(object? value, int depth)
    {
        if (depth > RenderBudget.DeepestValue)
            throw new ArgumentException($"A template cannot be given values nested more than {RenderBudget.DeepestValue} deep.");
        Size++;
        switch (value)
        {
            case null or bool or long or double: return value;
            case string text:
                Size += text.Length;
                return text;
            case int number: return (long)number;
            case float number: return (double)number;
            case JsonElement json: return Value(json, depth);
            case IReadOnlyDictionary<string, object?> map: return Map(map.Select(item => (item.Key, Value(item.Value, depth + 1))));
            case IEnumerable items: return items.Cast<object?>().Select(item => Value(item, depth + 1)).ToList();
            default: throw new ArgumentException($"A template cannot be given a {value.GetType()}.");
        }
    }

    private object? Value(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.String => Value(json.GetString(), depth),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(item => Value((object)item, depth + 1)).ToList(),
        JsonValueKind.Object => Map(json.EnumerateObject().Select(item => (item.Name, Value((object)item.Value, depth + 1)))),
        _ => null,
    };

    private Mapping Map(IEnumerable<(string Key, object? Value)> items)
    {
        var map = new Mapping();
        foreach (var (key, value) in items)
        {
            Size += key.Length;
            map.Set(key, value, _unbounded);
        }
        return map;
    }
}
