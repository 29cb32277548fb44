using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>What stands behind a point: Python's methods of texts, lists and mappings, keys of mappings, attributes of objects.</summary>
internal static class Members
{
    private static readonly string[] _changeMappings = ["clear", "pop", "popitem", "setdefault", "update"];

    private static readonly string[] _changeLists = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    private static readonly Dictionary<string, Builtin> _ofMappings = new()
    {
        ["items"] = new("", (value, given) => new MappingView("dict_items", ((Mapping)value!).Pairs(given.Budget))),
        ["keys"] = new("", (value, _) => new MappingView("dict_keys", ((Mapping)value!).Keys)),
        ["values"] = new("", (value, _) => new MappingView(MappingView.OfValues, ((Mapping)value!).Values)),
        ["get"] = new("key default", (value, given) =>
            ((Mapping)value!).TryGet(given.Need(0, "key"), given.Budget, out var found) ? found : given.Get(1, "default")),
        // No template can change a mapping, so a copy is as good as the original.
        ["copy"] = new("", (value, _) => value),
    };

    private static readonly Dictionary<string, Builtin> _ofLists = new()
    {
        ["index"] = new("value start stop", (value, given) => Index((IReadOnlyList<object?>)value!, given)),
        ["count"] = new("value", (value, given) =>
            (long)((IReadOnlyList<object?>)value!).Count(item => Values.Equal(item, given.Need(0, "value"), given.Budget))),
        ["copy"] = new("", (value, _) => value),
    };

    /// <summary>`value.name`: a method or attribute first, then an element, as Jinja looks them up.</summary>
    /// <exception cref="EvaluationException">The value itself is undefined, or the method would change it.</exception>
    public static object? Get(object? value, string name, RenderBudget budget)
    {
        if (value is Undefined undefined) throw new EvaluationException($"'{undefined.Name}' is undefined, so it has no '{name}'.");
        var attribute = OfAttribute(value, name);
        return attribute is Undefined && value is Mapping map && map.TryGet(name, budget, out var element) ? element : attribute;
    }

    /// <summary>A method or attribute, elements left aside.</summary>
    /// <exception cref="EvaluationException">The method would change the value.</exception>
    public static object? OfAttribute(object? value, string name)
    {
        switch (value)
        {
            case string: return Method(TextMethods.Known, value, name);
            case Mapping when _changeMappings.Contains(name):
                throw new EvaluationException($"a template may not change a mapping ('{name}').");
            case Mapping: return Method(_ofMappings, value, name);
            case TupleValue tuple when tuple.Member(name) is var member and not Undefined: return member;
            case List<object?> when _changeLists.Contains(name):
                throw new EvaluationException($"a template may not change a list ('{name}').");
            case TupleValue or RangeValue when name == "copy": return new Undefined(name);
            case IReadOnlyList<object?>: return Method(_ofLists, value, name);
            case IMembers members: return members.Member(name);
            default: return new Undefined(name);
        }
    }

    private static object Method(Dictionary<string, Builtin> methods, object value, string name)
    {
        if (!methods.TryGetValue(name, out var method)) return new Undefined(name);
        TemplateFunction function = given => method.Apply(name, value, given);
        return function;
    }

    private static long Index(IReadOnlyList<object?> list, Arguments given)
    {
        var wanted = given.Need(0, "value");
        long Bound(long? bound, long fallback) =>
            bound is { } index ? Math.Clamp(index < 0 ? index + list.Count : index, 0, list.Count) : fallback;
        var stop = Bound(given.Integer(2, "stop"), list.Count);
        for (var i = Bound(given.Integer(1, "start"), 0); i < stop; i++)
        {
            if (Values.Equal(list[(int)i], wanted, given.Budget)) return i;
        }
        throw new EvaluationException("the list has no such element.");
    }
}
