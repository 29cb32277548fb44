using System.Runtime.CompilerServices;
using System.Text;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

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
/// <param name="at">Where it stands.</param>
internal abstract class Statement(Place at)
{
    /// <summary>Where it stands.</summary>
    public Place At { get; } = at;

    /// <summary>Runs it.</summary>
    /// <exception cref="TemplateException">It cannot be run, or the budget is used up; the message names the place.</exception>
    public Flow Run(Scope scope, StringBuilder output)
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            scope.Budget.Step();
            return Execute(scope, output);
        }
        catch (EvaluationException error)
        {
            throw new TemplateException(scope.TemplateName, At, error.Message);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new TemplateException(scope.TemplateName, At,
                "calls are nested too deep for this thread: does a macro call itself without end?");
        }
    }

    protected abstract Flow Execute(Scope scope, StringBuilder output);

    /// <summary>Writes a text.</summary>
    protected static void Write(string text, Scope scope, StringBuilder output)
    {
        scope.Budget.Write(text.Length);
        output.Append(text);
    }
}

/// <summary>Statements in a row.</summary>
internal sealed class Sequence(IReadOnlyList<Statement> statements)
{
    /// <summary>Runs them in turn, up to a `break` or `continue`.</summary>
    public Flow Run(Scope scope, StringBuilder output)
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
internal sealed class Literal(Place at, string text) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        Write(text, scope, output);
        return Flow.Next;
    }
}

/// <summary>`{{ value }}`.</summary>
internal sealed class Output(Place at, Expression value) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        Write(Printing.Text(value.Value(scope), scope.Budget), scope, output);
        return Flow.Next;
    }
}

/// <summary>`if`, `elif`, `else`; the condition of `else` is null. They share the scope around them.</summary>
internal sealed class If(Place at, IReadOnlyList<(Expression? Condition, Sequence Body)> branches) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || Values.IsTrue(condition.Value(scope))) return body.Run(scope, output);
        }
        return Flow.Next;
    }
}

/// <summary>`break` and `continue`.</summary>
internal sealed class Jump(Place at, Flow flow) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output) => flow;
}

/// <summary>`set target = value`, or `set target` with a body.</summary>
internal sealed class Set(
    Place at, Target target, Expression? value, Sequence? body, IReadOnlyList<Func<Expression, Expression>> filters) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        target.Assign(scope, value is not null ? value.Value(scope) : Block.Filter(scope.Inner(), At, body!, filters));
        return Flow.Next;
    }
}

/// <summary>A body with a scope of its own: `with`, `filter`, `generation`.</summary>
internal sealed class Block(
    Place at,
    Sequence body,
    IReadOnlyList<Func<Expression, Expression>> filters,
    IReadOnlyList<(Target Target, Expression Value)> assignments) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        var inner = scope.Inner();
        foreach (var (target, value) in assignments) target.Assign(inner, value.Value(scope));
        if (filters.Count == 0) return body.Run(inner, output);
        Write(Printing.Text(Filter(inner, At, body, filters), scope.Budget), scope, output);
        return Flow.Next;
    }

    /// <summary>What a body writes, filtered.</summary>
    public static object? Filter(Scope scope, Place at, Sequence body, IReadOnlyList<Func<Expression, Expression>> filters)
    {
        Expression text = new Constant(at, body.Text(scope));
        return filters.Aggregate(text, (value, filter) => filter(value)).Value(scope);
    }
}
