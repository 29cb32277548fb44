using System.Text;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>`for target in items if condition recursive`. What is set within a round is forgotten at its end.</summary>
internal sealed class For(
    Place at, Target target, Expression items, Expression? condition, bool recursive, Sequence body, Sequence? otherwise) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        Run(scope, output, items.Value(scope), 0);
        return Flow.Next;
    }

    private void Run(Scope scope, StringBuilder output, object? given, int depth)
    {
        var rounds = Rounds(scope, given);
        var loop = new Loop(rounds, depth, recursive ? children => Recurse(scope, children, depth + 1) : null);
        while (loop.Next())
        {
            scope.Budget.Step();
            var inner = scope.Inner();
            target.Assign(inner, loop.Current);
            inner.Set("loop", loop);
            if (body.Run(inner, output) == Flow.Break) break;
        }
        if (rounds.Count == 0) otherwise?.Run(scope.Inner(), output);
    }

    private IReadOnlyList<object?> Rounds(Scope scope, object? given)
    {
        var all = Values.Items(given, scope.Budget);
        if (condition is null) return all;
        var chosen = new List<object?>();
        foreach (var item in all)
        {
            scope.Budget.Hold(1);
            var inner = scope.Inner();
            target.Assign(inner, item);
            if (Values.IsTrue(condition.Value(inner))) chosen.Add(item);
        }
        return chosen;
    }

    private string Recurse(Scope scope, object? children, int depth)
    {
        scope.Budget.Enter();
        var text = new StringBuilder();
        Run(scope, text, children, depth);
        scope.Budget.Leave();
        return text.ToString();
    }

    /// <summary>`loop`: what a round knows of the loop it belongs to.</summary>
    private sealed class Loop(IReadOnlyList<object?> rounds, int depth, Func<object?, string>? recurse) : IMembers, ICallable
    {
        private int _at = -1;
        private TupleValue? _lastChanged;

        public object? Current => rounds[_at];

        public bool Next() => ++_at < rounds.Count;

        public object? Member(string name) => name switch
        {
            "index" => _at + 1L,
            "index0" => (long)_at,
            "revindex" => (long)rounds.Count - _at,
            "revindex0" => rounds.Count - _at - 1L,
            "first" => _at == 0,
            "last" => _at == rounds.Count - 1,
            "length" => (long)rounds.Count,
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "previtem" => _at > 0 ? rounds[_at - 1] : new Undefined(name),
            "nextitem" => _at + 1 < rounds.Count ? rounds[_at + 1] : new Undefined(name),
            "cycle" => (TemplateFunction)Cycle,
            "changed" => (TemplateFunction)(given => Changed(given)),
            _ => new Undefined(name),
        };

        public object? Call(Arguments given) => recurse is null
            ? throw new EvaluationException("only a loop that is marked 'recursive' can be called.")
            : recurse(given.Need(0, "iterable"));

        private object? Cycle(Arguments given) => given.Positional.Count > 0 ? given.Positional[_at % given.Positional.Count]
            : throw new EvaluationException("'cycle' needs values to go through.");

        private bool Changed(Arguments given)
        {
            var values = new TupleValue(given.Positional);
            if (_lastChanged is not null && Values.Equal(values, _lastChanged, given.Budget)) return false;
            _lastChanged = values;
            return true;
        }
    }
}
