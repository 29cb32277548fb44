using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Tree;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>The functions that every template knows.</summary>
internal static class Functions
{
    /// <summary>Makes the functions known.</summary>
    /// <param name="scope">The template's outermost scope.</param>
    /// <param name="time">Tells `strftime_now` the time.</param>
    public static void Define(Scope scope, TimeProvider time)
    {
        Set("range", "start stop step", Range);
        Set("namespace", null, given => new NamespaceValue(Attributes(given)));
        Set("dict", null, MappingOf);
        Set("cycler", null, given => new Cycler(given.Positional));
        Set("joiner", "sep", given => new Joiner(Printing.Text(given.Get(0, "sep", ", "), given.Budget)));
        Set("raise_exception", "message", given => throw new EvaluationException(Printing.Text(given.Need(0, "message"), given.Budget)));
        Set("strftime_now", "format", given => Strftime.Format(time.GetLocalNow(), given.NeedText(0, "format"), given.Budget));

        void Set(string name, string? parameters, Func<Arguments, object?> function)
        {
            var builtin = new Builtin(parameters, (_, given) => function(given));
            scope.Set(name, (TemplateFunction)(given => builtin.Apply(name, null, given)));
        }
    }

    /// <summary>`dict(...)`: a mapping or pairs, and named values.</summary>
    public static Mapping MappingOf(Arguments given)
    {
        if (given.Positional.Count > 1) throw new EvaluationException("'dict' takes one mapping or one list of pairs.");
        var made = new Mapping();
        if (given.Positional is [Mapping map])
        {
            for (var i = 0; i < map.Count; i++) made.Set(map.Keys[i], map.Values[i], given.Budget);
        }
        else if (given.Positional is [var pairs])
        {
            foreach (var pair in Values.Items(pairs, given.Budget))
            {
                if (Values.Items(pair, given.Budget) is not [var key, var value])
                    throw new EvaluationException("'dict' takes pairs of key and value.");
                made.Set(key, value, given.Budget);
            }
        }
        foreach (var (name, value) in given.Named) made.Set(name, value, given.Budget);
        return made;
    }

    private static Dictionary<string, object?> Attributes(Arguments given)
    {
        var map = MappingOf(given);
        return map.Keys.Select((key, i) => (key, map.Values[i]))
            .ToDictionary(pair => pair.key as string
                ?? throw new EvaluationException("the attributes of a namespace are named by texts."), pair => pair.Item2);
    }

    private static RangeValue Range(Arguments given)
    {
        if (given.Named.Count > 0) throw new EvaluationException("the arguments of 'range' have no names.");
        return given.Positional.Count switch
        {
            0 => throw new EvaluationException("'range' needs a stop."),
            1 => new RangeValue(0, given.NeedInteger(0, "stop"), 1),
            2 => new RangeValue(given.NeedInteger(0, "start"), given.NeedInteger(1, "stop"), 1),
            _ => new RangeValue(given.NeedInteger(0, "start"), given.NeedInteger(1, "stop"), given.NeedInteger(2, "step")),
        };
    }

    /// <summary>`cycler('odd', 'even')`: values in turn.</summary>
    private sealed class Cycler : IMembers
    {
        private readonly IReadOnlyList<object?> _items;
        private int _at;

        public Cycler(IReadOnlyList<object?> items) =>
            _items = items.Count > 0 ? items : throw new EvaluationException("'cycler' needs values to go through.");

        public object? Member(string name) => name switch
        {
            "current" => _items[_at],
            "next" => (TemplateFunction)(_ =>
            {
                var current = _items[_at];
                _at = (_at + 1) % _items.Count;
                return current;
            }),
            "reset" => (TemplateFunction)(_ =>
            {
                _at = 0;
                return null;
            }),
            _ => new Undefined(name),
        };
    }

    /// <summary>`joiner(', ')`: nothing when it is called first, the separator afterwards.</summary>
    private sealed class Joiner(string separator) : ICallable, IMembers
    {
        private bool _used;

        public object? Call(Arguments given)
        {
            if (_used) return separator;
            _used = true;
            return "";
        }

        public object? Member(string name) => name == "sep" ? separator : new Undefined(name);
    }
}
