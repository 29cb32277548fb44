namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>
/// Python's rules for the values of a template. None is null; then there are bool, long, double, string, lists (`List&lt;object?&gt;`),
/// <see cref="TupleValue"/>, <see cref="RangeValue"/>, <see cref="Mapping"/>, <see cref="Undefined"/> and the objects of the language.
/// </summary>
internal static class Values
{
    /// <summary>Whether a condition holds.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        Mapping map => map.Count > 0,
        MappingView view => view.Items.Count > 0,
        IReadOnlyList<object?> items => items.Count > 0,
        _ => true,
    };

    /// <summary>What a value is, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"undefined ('{undefined.Name}')",
        bool => "a boolean",
        long or double => "a number",
        string => "a text",
        Mapping => "a mapping",
        MappingView => "a view of a mapping",
        TupleValue => "a tuple",
        RangeValue => "a range",
        IReadOnlyList<object?> => "a list",
        Generator => "the outcome of a filter that can be gone through once",
        NamespaceValue => "a namespace",
        TemplateFunction => "a function",
        _ => "an object",
    };

    /// <summary>Equality as Python has it: by value, numbers across types, a list never a tuple.</summary>
    /// <exception cref="EvaluationException">The values are nested too deep, or too large for what is left of the budget.</exception>
    public static bool Equal(object? a, object? b, RenderBudget budget, int depth = 0)
    {
        RenderBudget.CheckDepth(depth);
        budget.Step();
        if (Number(a) is not null && Number(b) is not null) return CompareNumbers(a!, b!) == 0;
        switch (a, b)
        {
            case (string first, string second):
                budget.Read(Math.Min(first.Length, second.Length));
                return first == second;
            case (Mapping first, Mapping second):
                if (first.Count != second.Count) return false;
                for (var i = 0; i < first.Count; i++)
                {
                    if (!second.TryGet(first.Keys[i], budget, out var other)
                        || !Equal(first.Values[i], other, budget, depth + 1)) return false;
                }
                return true;
            case (IReadOnlyList<object?> first, IReadOnlyList<object?> second) when first.GetType() == second.GetType():
                if (first.Count != second.Count) return false;
                for (var i = 0; i < first.Count; i++)
                {
                    if (!Equal(first[i], second[i], budget, depth + 1)) return false;
                }
                return true;
            case (MappingView first, MappingView second):
                // Keys and pairs are compared as sets.
                return first.Kind == second.Kind && first.Kind != MappingView.OfValues && first.Items.Count == second.Items.Count
                    && first.Items.All(item => second.Items.Any(other => Equal(item, other, budget, depth + 1)));
            case (Undefined, _) or (_, Undefined):
                return a is Undefined && b is Undefined;
            default:
                return Equals(a, b);
        }
    }

    /// <summary>Order of two numbers, two texts, two lists or two tuples; null where one of the numbers is NaN.</summary>
    /// <exception cref="EvaluationException">They have none.</exception>
    public static int? Compare(object? a, object? b, RenderBudget budget, int depth = 0)
    {
        RenderBudget.CheckDepth(depth);
        budget.Step();
        if (Number(a) is not null && Number(b) is not null) return CompareNumbers(a!, b!);
        if (a is string left && b is string right)
        {
            budget.Read(Math.Min(left.Length, right.Length));
            return TextIndex.Compare(left, right);
        }
        if (a is IReadOnlyList<object?> first and not RangeValue && b is IReadOnlyList<object?> second
            && first.GetType() == second.GetType())
        {
            for (var i = 0; i < Math.Min(first.Count, second.Count); i++)
            {
                if (!Equal(first[i], second[i], budget, depth + 1)) return Compare(first[i], second[i], budget, depth + 1);
            }
            return first.Count.CompareTo(second.Count);
        }
        throw new EvaluationException($"{Kind(a)} and {Kind(b)} cannot be ordered.");
    }

    /// <summary>`item in container`.</summary>
    /// <exception cref="EvaluationException">The container is none.</exception>
    public static bool Contains(object? container, object? item, RenderBudget budget)
    {
        switch (container)
        {
            case string text:
                budget.Read(text.Length);
                return item is string part ? text.Contains(part, StringComparison.Ordinal)
                    : throw new EvaluationException($"a text cannot hold {Kind(item)}.");
            case Mapping map:
                return map.TryGet(item, budget, out _);
            case RangeValue range when Number(item) is { } number:
                return range.Count > 0 && range.Any(other => CompareNumbers(other!, number) == 0);
            case Generator generator:
                while (generator.TryTake(out var other))
                {
                    if (Equal(other, item, budget)) return true;
                }
                return false;
            case Undefined:
                return false;
            case IReadOnlyList<object?> or MappingView:
                return Items(container, budget).Any(other => Equal(other, item, budget));
            default:
                throw new EvaluationException($"{Kind(container)} holds nothing that 'in' could find.");
        }
    }

    /// <summary>What a `for` or a filter goes through; nothing where the value is undefined.</summary>
    /// <exception cref="EvaluationException">It has no elements.</exception>
    public static IReadOnlyList<object?> Items(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case string text:
                budget.Hold(text.Length);
                return TextIndex.Characters(text);
            case Mapping map: return map.Keys;
            case MappingView view: return view.Items;
            case IReadOnlyList<object?> items: return items;
            case Generator generator: return generator.TakeRest();
            case Undefined: return [];
            default: throw new EvaluationException($"{Kind(value)} cannot be gone through; a list, a mapping or a text can.");
        }
    }

    /// <summary>Elements of a list or mapping, characters of a text.</summary>
    public static long Length(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case string text:
                budget.Read(text.Length);
                return TextIndex.Length(text);
            case Mapping map: return map.Count;
            case MappingView view: return view.Items.Count;
            case IReadOnlyList<object?> items: return items.Count;
            case Undefined: return 0;
            default: throw new EvaluationException($"{Kind(value)} has no length.");
        }
    }

    /// <summary>`container[key]`; <see cref="Undefined"/> where it has no such element.</summary>
    public static object? Element(object? container, object? key, RenderBudget budget)
    {
        switch (container)
        {
            case Undefined undefined:
                throw new EvaluationException($"'{undefined.Name}' is undefined.");
            case Mapping map when key is not (List<object?> or Mapping) && map.TryGet(key, budget, out var value):
                return value;
            case string text when Whole(key) is { } index:
                budget.Read(text.Length);
                return TextIndex.At(text, index) ?? (object)new Undefined($"character {index}");
            case IReadOnlyList<object?> items when Whole(key) is { } index:
                if (index < 0) index += items.Count;
                return index >= 0 && index < items.Count ? items[(int)index] : new Undefined($"element {key}");
            case TemplateFunction or null when key is not string:
                return new Undefined(Printing.Text(key, budget));
            default:
                return key is string name ? Builtins.Members.OfAttribute(container, name) : new Undefined(Printing.Text(key, budget));
        }
    }

    /// <summary>`container[start:stop:step]`, of a list, a tuple, a range or a text.</summary>
    /// <exception cref="EvaluationException">It is none of these, or the step is 0.</exception>
    public static object? Slice(object? container, long? start, long? stop, long? step, RenderBudget budget)
    {
        if (container is Undefined undefined) throw new EvaluationException($"'{undefined.Name}' is undefined.");
        if (container is not (string or IReadOnlyList<object?>)) throw new EvaluationException($"{Kind(container)} cannot be sliced.");
        var (by, count) = (step ?? 1, Length(container, budget));
        if (by == 0) throw new EvaluationException("a slice's step cannot be 0.");
        long Bound(long? given, long fallback) => given is not { } value ? fallback
            : Math.Clamp(value < 0 ? value + count : value, by > 0 ? 0 : -1, by > 0 ? count : count - 1);
        var (from, to) = (Bound(start, by > 0 ? 0 : count - 1), Bound(stop, by > 0 ? count : -1));
        if (container is string text)
        {
            budget.Write(text.Length);
            return TextIndex.Slice(text, from, to, by);
        }
        var items = (IReadOnlyList<object?>)container;
        var taken = new List<object?>();
        for (var i = (Int128)from; by > 0 ? i < to : i > to; i += by)
        {
            budget.Hold(1);
            taken.Add(items[(int)i]);
        }
        return container is TupleValue ? new TupleValue(taken) : taken;
    }

    /// <summary>A number as a double; null where it is none. Booleans count as numbers.</summary>
    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>A whole number; null where it is none. Booleans count as numbers.</summary>
    public static long? Whole(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>The order of two numbers, exact where a whole one is beyond the doubles' precision; null where one is NaN.</summary>
    private static int? CompareNumbers(object a, object b)
    {
        if (Whole(a) is { } x)
        {
            if (Whole(b) is { } y) return x.CompareTo(y);
            return -CompareWhole((double)b, x);
        }
        return Whole(b) is { } whole ? CompareWhole((double)a, whole)
            : double.IsNaN((double)a) || double.IsNaN((double)b) ? null : ((double)a).CompareTo((double)b);
    }

    private static int? CompareWhole(double number, long whole)
    {
        if (double.IsNaN(number)) return null;
        if (number >= 9.3e18) return 1;
        if (number <= -9.3e18) return -1;
        var floor = (Int128)Math.Floor(number);
        return floor != whole ? floor.CompareTo(whole) : number > Math.Floor(number) ? 1 : 0;
    }
}
