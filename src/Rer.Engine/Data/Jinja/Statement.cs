using System.Collections;
using System.Text;

namespace Rer.Engine.Data.Jinja;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    /// <summary>The next one follows.</summary>
    Next,

    /// <summary>`break`: the loop ends.</summary>
    Break,

    /// <summary>`continue`: the loop's next round begins.</summary>
    Continue,
}

/// <summary>A part of a template that writes, assigns or decides.</summary>
internal abstract class Statement
{
    /// <summary>Runs it.</summary>
    public abstract Flow Run(Scope scope, StringBuilder output);
}

/// <summary>Statements in a row.</summary>
internal sealed class Sequence(IReadOnlyList<Statement> statements) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        foreach (var statement in statements)
        {
            if (statement.Run(scope, output) is not Flow.Next and var flow) return flow;
        }
        return Flow.Next;
    }

    /// <summary>What they write.</summary>
    public string Text(Scope scope)
    {
        var text = new StringBuilder();
        Run(scope, text);
        return text.ToString();
    }
}

/// <summary>Text outside tags.</summary>
internal sealed class Literal(string text) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        output.Append(text);
        return Flow.Next;
    }
}

/// <summary>`{{ value }}`.</summary>
internal sealed class Output(Expression value) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        output.Append(Values.Text(value.Value(scope)));
        return Flow.Next;
    }
}

/// <summary>`if`, `elif`, `else`; the condition of `else` is null.</summary>
internal sealed class If(IReadOnlyList<(Expression? Condition, Sequence Body)> branches) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || Values.IsTrue(condition.Value(scope))) return body.Run(scope, output);
        }
        return Flow.Next;
    }
}

/// <summary>`for targets in items if condition`. What is set within a round is forgotten at its end.</summary>
internal sealed class For(Place at, Target target, Expression items, Expression? condition, Sequence body, Sequence? otherwise) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        var rounds = Rounds(scope);
        for (var i = 0; i < rounds.Count; i++)
        {
            var inner = scope.Inner();
            target.Assign(inner, rounds[i]);
            inner.Set("loop", Loop(rounds, i));
            if (body.Run(inner, output) == Flow.Break) break;
        }
        return rounds.Count == 0 && otherwise is not null ? otherwise.Run(scope, output) : Flow.Next;
    }

    private List<object?> Rounds(Scope scope)
    {
        List<object?> all;
        try
        {
            all = items.Value(scope) is var given && given is Undefined ? [] : Values.Items(given);
        }
        catch (EvaluationException error)
        {
            throw new TemplateException(scope.TemplateName, at, error.Message);
        }
        if (condition is null) return all;
        return [.. all.Where(item =>
        {
            var inner = scope.Inner();
            target.Assign(inner, item);
            return Values.IsTrue(condition.Value(inner));
        })];
    }

    private static Dictionary<string, object?> Loop(List<object?> rounds, int i) => new()
    {
        ["index"] = i + 1L,
        ["index0"] = (long)i,
        ["revindex"] = (long)rounds.Count - i,
        ["revindex0"] = rounds.Count - i - 1L,
        ["first"] = i == 0,
        ["last"] = i == rounds.Count - 1,
        ["length"] = (long)rounds.Count,
        ["depth"] = 1L,
        ["previtem"] = i > 0 ? rounds[i - 1] : new Undefined("previtem"),
        ["nextitem"] = i + 1 < rounds.Count ? rounds[i + 1] : new Undefined("nextitem"),
        ["cycle"] = (TemplateFunction)(given => given.Positional[i % given.Positional.Count]),
    };
}

/// <summary>`break` and `continue`.</summary>
internal sealed class Jump(Flow flow) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output) => flow;
}

/// <summary>What `set` and `for` assign to: a name, an attribute of a namespace, or several of them.</summary>
internal sealed class Target(Place at, IReadOnlyList<Expression> names)
{
    public void Assign(Scope scope, object? value)
    {
        if (names.Count == 1)
        {
            Assign(scope, names[0], value);
            return;
        }
        if (value is not IList { Count: var count } values || count != names.Count)
            throw new TemplateException(scope.TemplateName, at, $"{Values.Kind(value)} cannot be taken apart into {names.Count} names.");
        for (var i = 0; i < names.Count; i++) Assign(scope, names[i], values[i]);
    }

    private void Assign(Scope scope, Expression name, object? value)
    {
        if (name is Name plain) scope.Set(plain.Text, value);
        else if (name is Member member && member.Container.Value(scope) is NamespaceValue space) space.Values[member.Name] = value;
        else throw new TemplateException(scope.TemplateName, at, "only a name or an attribute of a namespace can be set.");
    }
}

/// <summary>`set target = value`, or `set target` with a body.</summary>
internal sealed class Set(Target target, Expression? value, Sequence? body, IReadOnlyList<Func<Expression, Expression>> filters) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        target.Assign(scope, value is not null ? value.Value(scope) : Block.Filter(scope, body!, filters));
        return Flow.Next;
    }
}

/// <summary>`filter name` with a body; without filters, a body with a scope of its own (`generation`, `with`).</summary>
internal sealed class Block(Sequence body, IReadOnlyList<Func<Expression, Expression>> filters, IReadOnlyList<(Target Target, Expression Value)> assignments) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        var inner = scope;
        if (assignments.Count > 0)
        {
            inner = scope.Inner();
            foreach (var (target, value) in assignments) target.Assign(inner, value.Value(scope));
        }
        if (filters.Count == 0) return body.Run(inner, output);
        output.Append(Values.Text(Filter(inner, body, filters)));
        return Flow.Next;
    }

    /// <summary>What a body writes, filtered.</summary>
    public static object? Filter(Scope scope, Sequence body, IReadOnlyList<Func<Expression, Expression>> filters)
    {
        Expression text = new Constant(default, body.Text(scope.Inner()));
        return filters.Aggregate(text, (value, filter) => filter(value)).Value(scope);
    }
}

/// <summary>`macro name(parameters)`: defines a function that returns what its body writes.</summary>
internal sealed class Macro(Place at, string name, IReadOnlyList<(string Name, Expression? Default)> parameters, Sequence body) : Statement
{
    public override Flow Run(Scope scope, StringBuilder output)
    {
        scope.Set(name, (TemplateFunction)(given => Call(scope, given)));
        return Flow.Next;
    }

    private string Call(Scope scope, Arguments given)
    {
        if (given.Positional.Count > parameters.Count || given.Named.Keys.FirstOrDefault(key => parameters.All(p => p.Name != key)) is not null)
            throw new TemplateException(scope.TemplateName, at, $"macro '{name}' takes {parameters.Count} arguments: {string.Join(", ", parameters.Select(p => p.Name))}.");
        var inner = scope.Outermost.Inner();
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, fallback) = parameters[i];
            var isGiven = i < given.Positional.Count || given.Named.ContainsKey(parameter);
            inner.Set(parameter, isGiven ? given.Get(i, parameter) : fallback is null ? new Undefined(parameter) : fallback.Value(inner));
        }
        return body.Text(inner);
    }
}
