using System.Text;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;

namespace Rer.Engine.Data.Jinja.Tree;

/// <summary>Which names that nobody gave them the statements of a body use; a macro takes more arguments for them.</summary>
/// <param name="Varargs">`varargs`: the arguments without a name beyond the parameters.</param>
/// <param name="Kwargs">`kwargs`: the named ones that are no parameters.</param>
/// <param name="Caller">`caller`: the body of the call block that calls.</param>
internal readonly record struct MacroExtras(bool Varargs, bool Kwargs, bool Caller);

/// <summary>A body with parameters: a function that returns what the body writes.</summary>
/// <param name="at">Where it is defined.</param>
/// <param name="name">What messages call it.</param>
/// <param name="parameters">The parameters, and what stands for those that are not given.</param>
/// <param name="extras">What else it takes.</param>
/// <param name="body">The body.</param>
internal sealed class MacroBody(
    Place at, string name, IReadOnlyList<(string Name, Expression? Default)> parameters, MacroExtras extras, Sequence body)
{
    /// <summary>The function, which knows the names of the scope that it is defined in: its own too.</summary>
    public TemplateFunction In(Scope scope) => given => Call(scope, given);

    private string Call(Scope scope, Arguments given)
    {
        var named = new Dictionary<string, object?>(given.Named);
        var inner = scope.Inner();
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, fallback) = parameters[i];
            if (i < given.Positional.Count) inner.Set(parameter, given.Positional[i]);
            else if (named.Remove(parameter, out var value)) inner.Set(parameter, value);
            else inner.Set(parameter, fallback is null ? new Undefined(parameter) : fallback.Value(inner));
        }
        if (extras.Caller && parameters.All(parameter => parameter.Name != "caller"))
            inner.Set("caller", named.Remove("caller", out var caller) ? caller : new Undefined("caller"));
        if (extras.Kwargs)
        {
            var kwargs = new Mapping();
            foreach (var (key, value) in named) kwargs.Set(key, value, given.Budget);
            inner.Set("kwargs", kwargs);
        }
        else if (named.Count > 0)
        {
            throw Misfit(scope, $"'{named.Keys.First()}' is none of them, or is given twice");
        }
        if (extras.Varargs) inner.Set("varargs", new TupleValue([.. given.Positional.Skip(parameters.Count)]));
        else if (given.Positional.Count > parameters.Count) throw Misfit(scope, $"it is given {given.Positional.Count}");
        given.Budget.Enter();
        var text = body.Text(inner);
        given.Budget.Leave();
        return text;
    }

    private TemplateException Misfit(Scope scope, string what)
    {
        var known = parameters.Count == 0 ? "" : $" ({string.Join(", ", parameters.Select(p => p.Name))})";
        return new TemplateException(scope.TemplateName, at, $"macro '{name}' takes {parameters.Count} arguments{known}; {what}.");
    }
}

/// <summary>`macro name(parameters)`: makes the body's function known by a name.</summary>
internal sealed class Macro(Place at, string name, MacroBody body) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        scope.Set(name, body.In(scope));
        return Flow.Next;
    }
}

/// <summary>`call(parameters) macro(arguments)`: calls a macro that knows the body as `caller`.</summary>
internal sealed class CallBlock(Place at, Call call, MacroBody body) : Statement(at)
{
    protected override Flow Execute(Scope scope, StringBuilder output)
    {
        Write(Printing.Text(call.Invoke(scope, body.In(scope)), scope.Budget), scope, output);
        return Flow.Next;
    }
}
