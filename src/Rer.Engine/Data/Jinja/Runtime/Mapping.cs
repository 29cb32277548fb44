namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>Python's dict: keys in the order in which they came; texts, numbers, booleans, none and tuples of them can be keys.</summary>
internal sealed class Mapping
{
    private static readonly object _none = new();
    private static readonly object _undefined = new();

    private readonly Dictionary<object, int> _places = [];
    private readonly List<object?> _keys = [];
    private readonly List<object?> _values = [];

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>The keys.</summary>
    public IReadOnlyList<object?> Keys => _keys;

    /// <summary>The values, in the order of the keys.</summary>
    public IReadOnlyList<object?> Values => _values;

    /// <summary>The pairs of key and value, as tuples.</summary>
    public IReadOnlyList<object?> Pairs(RenderBudget budget)
    {
        budget.Hold(Count);
        return [.. _keys.Select((key, i) => new TupleValue([key, _values[i]]))];
    }

    /// <summary>Gives a key a value; a key that is there already keeps its place.</summary>
    /// <exception cref="EvaluationException">The key can be none.</exception>
    public void Set(object? key, object? value, RenderBudget budget)
    {
        var hashed = Hashed(key, budget);
        if (_places.TryGetValue(hashed, out var place))
        {
            _values[place] = value;
            return;
        }
        budget.Hold(1);
        _places[hashed] = _keys.Count;
        _keys.Add(key);
        _values.Add(value);
    }

    /// <summary>The value of a key, and whether it is there.</summary>
    /// <exception cref="EvaluationException">The key can be none.</exception>
    public bool TryGet(object? key, RenderBudget budget, out object? value)
    {
        var known = _places.TryGetValue(Hashed(key, budget), out var place);
        value = known ? _values[place] : null;
        return known;
    }

    /// <summary>The value of a key that is a text; undefined where it is not there.</summary>
    public object? Get(string key) => _places.TryGetValue(key, out var place) ? _values[place] : new Undefined(key);

    /// <summary>Whether a key that is a text is there.</summary>
    public bool Has(string key) => _places.ContainsKey(key);

    /// <summary>
    /// What stands for a value where Python would hash it: equal for 1, 1.0 and true.
    /// </summary>
    /// <exception cref="EvaluationException">Python cannot hash it: lists and mappings may change.</exception>
    public static object Hashed(object? value, RenderBudget budget, int depth = 0)
    {
        RenderBudget.CheckDepth(depth);
        switch (value)
        {
            case null: return _none;
            case Undefined: return _undefined;
            case string text:
                budget.Read(text.Length);
                return text;
            case bool flag: return flag ? 1L : 0L;
            case double number when Math.Floor(number) == number && Math.Abs(number) < 1e18: return (long)number;
            case TupleValue tuple:
                foreach (var item in tuple) Hashed(item, budget, depth + 1);
                return (nameof(TupleValue), Printing.Literal(tuple, budget));
            case List<object?> or Mapping or MappingView:
                throw new EvaluationException($"{Runtime.Values.Kind(value)} cannot be a key; texts, numbers and tuples can.");
            default: return value;
        }
    }
}
