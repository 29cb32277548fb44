using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Filters over the elements of lists, mappings and texts.</summary>
internal static class ItemFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Builtin> All { get; } = new()
    {
        ["length"] = new("", (value, given) => Values.Length(value, given.Budget)),
        ["list"] = new("", (value, given) => Copy(value, given.Budget)),
        ["first"] = new("", (value, given) => value is Generator generator
            ? generator.TryTake(out var item) ? item : new Undefined("first")
            : Values.Items(value, given.Budget) is [var first, ..] ? first : new Undefined("first")),
        ["last"] = new("", (value, given) => value is Generator
            ? throw new EvaluationException($"{Values.Kind(value)} has no last element: make it a list first.")
            : Values.Items(value, given.Budget) is [.., var last] ? last : new Undefined("last")),
        ["reverse"] = new("", Reverse),
        ["join"] = new("d attribute", Join),
        ["sum"] = new("attribute start", Sum),
        ["min"] = new("case_sensitive attribute", (value, given) => Extreme(value, given, sign: -1, "min")),
        ["max"] = new("case_sensitive attribute", (value, given) => Extreme(value, given, sign: 1, "max")),
        ["sort"] = new("reverse case_sensitive attribute", Sort),
        ["unique"] = new("case_sensitive attribute", Unique),
        ["items"] = new("", (value, given) => value is Undefined ? new Generator([]) : value is Mapping map
            ? new Generator(map.Pairs(given.Budget))
            : throw new EvaluationException($"'items' takes a mapping, not {Values.Kind(value)}.")),
        ["dictsort"] = new("case_sensitive by reverse", SortMapping),
        ["groupby"] = new("attribute default case_sensitive", Group),
        ["batch"] = new("linecount fill_with", Batch),
        ["slice"] = new("slices fill_with", Slice),
    };

    private static List<object?> Copy(object? value, RenderBudget budget)
    {
        var items = Values.Items(value, budget);
        budget.Hold(items.Count);
        return [.. items];
    }

    private static object? Reverse(object? value, Arguments given)
    {
        if (value is string text)
        {
            given.Budget.Write(text.Length);
            return TextIndex.Slice(text, TextIndex.Length(text) - 1, -1, -1);
        }
        var reversed = Copy(value, given.Budget);
        reversed.Reverse();
        return value is Generator ? reversed : new Generator(reversed);
    }

    private static string Join(object? value, Arguments given)
    {
        string Part(object? item) => Printing.Text(Filters.Attribute(item, given.Get(1, "attribute"), null, given.Budget), given.Budget);
        var parts = Values.Items(value, given.Budget).Select(Part);
        return TextSplit.Join(Printing.Text(given.Get(0, "d", ""), given.Budget), parts.ToList(), given.Budget);
    }

    private static object? Sum(object? value, Arguments given)
    {
        var sum = given.Get(1, "start", 0L);
        foreach (var item in Values.Items(value, given.Budget))
        {
            var term = Filters.Attribute(item, given.Get(0, "attribute"), null, given.Budget);
            sum = Operators.Compute("+", sum, term, given.Budget);
        }
        return sum;
    }

    private static object? Extreme(object? value, Arguments given, int sign, string name)
    {
        var items = Values.Items(value, given.Budget);
        if (items.Count == 0) return new Undefined(name);
        object? Key(object? item) => Filters.Key(item, given.Get(1, "attribute"), given.Flag(0, "case_sensitive"), given.Budget);
        var (best, bestKey) = (items[0], Key(items[0]));
        foreach (var item in items.Skip(1))
        {
            var key = Key(item);
            if (Values.Compare(key, bestKey, given.Budget) * sign > 0) (best, bestKey) = (item, key);
        }
        return best;
    }

    private static List<object?> Sort(object? value, Arguments given)
    {
        IReadOnlyList<object?> attributes = given.Get(2, "attribute") is string several ? several.Split(',') : [given.Get(2, "attribute")];
        object? Key(object? item) => new TupleValue([.. attributes.Select(attribute =>
            Filters.Key(item, attribute, given.Flag(1, "case_sensitive"), given.Budget))]);
        return Filters.Sorted(Copy(value, given.Budget), Key, given.Flag(0, "reverse"), given.Budget);
    }

    private static Generator Unique(object? value, Arguments given)
    {
        var (seen, unique) = (new HashSet<object>(), new List<object?>());
        foreach (var item in Values.Items(value, given.Budget))
        {
            given.Budget.Hold(1);
            var key = Filters.Key(item, given.Get(1, "attribute"), given.Flag(0, "case_sensitive"), given.Budget);
            if (seen.Add(Mapping.Hashed(key, given.Budget))) unique.Add(item);
        }
        return new Generator(unique);
    }

    private static List<object?> SortMapping(object? value, Arguments given)
    {
        var by = given.Get(1, "by", "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new EvaluationException("'dictsort' sorts by 'key' or by 'value'."),
        };
        var map = value as Mapping ?? throw new EvaluationException($"'dictsort' takes a mapping, not {Values.Kind(value)}.");
        object? Key(object? pair) => Filters.IgnoreCase(((TupleValue)pair!)[by], given.Flag(0, "case_sensitive"), given.Budget);
        return Filters.Sorted(map.Pairs(given.Budget), Key, given.Flag(2, "reverse"), given.Budget);
    }

    private static List<object?> Group(object? value, Arguments given)
    {
        var caseSensitive = given.Flag(2, "case_sensitive");
        object? Name(object? item) => Filters.Attribute(item, given.Need(0, "attribute"), given.Get(1, "default"), given.Budget);
        object? Key(object? item) => Filters.IgnoreCase(Name(item), caseSensitive, given.Budget);
        var groups = new List<object?>();
        object? last = null;
        List<object?>? members = null;
        foreach (var item in Filters.Sorted(Copy(value, given.Budget), Key, false, given.Budget))
        {
            var key = Key(item);
            if (members is null || !Values.Equal(key, last, given.Budget))
            {
                members = [];
                groups.Add(new TupleValue([Name(item), members], "grouper", "list"));
            }
            last = key;
            members.Add(item);
        }
        return groups;
    }

    private static Generator Batch(object? value, Arguments given)
    {
        var (size, fill) = (given.NeedInteger(0, "linecount"), given.Get(1, "fill_with"));
        var batches = new List<object?>();
        List<object?>? batch = null;
        foreach (var item in Values.Items(value, given.Budget))
        {
            given.Budget.Hold(1);
            if (batch is null || batch.Count == size) batches.Add(batch = []);
            batch.Add(item);
        }
        if (batch is not null && fill is not null && batch.Count < size)
        {
            given.Budget.Hold(size - batch.Count);
            batch.AddRange(Enumerable.Repeat(fill, (int)(size - batch.Count)));
        }
        return new Generator(batches);
    }

    private static Generator Slice(object? value, Arguments given)
    {
        var (count, fill) = (given.NeedInteger(0, "slices"), given.Get(1, "fill_with"));
        var items = Copy(value, given.Budget);
        if (count == 0) throw new EvaluationException("'slice' cannot cut into 0 slices.");
        if (count < 0) return new Generator([]);
        given.Budget.Hold(count);
        var slices = new List<object?>();
        var (size, larger) = Math.DivRem(items.Count, count);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = (int)size + (i < larger ? 1 : 0);
            var slice = items.GetRange(at, length);
            at += length;
            if (fill is not null && i >= larger) slice.Add(fill);
            slices.Add(slice);
        }
        return new Generator(slices);
    }
}
