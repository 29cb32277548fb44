using System.Text.Json;
using Rer.Engine.Data.Jinja.Builtins;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Data.Jinja.Syntax;
using Rer.Engine.Data.Jinja.Tree;

namespace Rer.Engine.Data.Jinja;

/// <summary>
/// A Jinja template as transformers reads chat templates: `trim_blocks`, `lstrip_blocks`, loop controls, `raise_exception`,
/// `strftime_now`, a `tojson` that escapes nothing. What a template without others to include can use is here: if, for, set, macro, call,
/// filter, with, namespace, Jinja's filters and tests, Python's methods of texts and mappings. Inheritance and imports are not.
/// </summary>
/// <remarks>
/// A template computes and writes text; it reaches neither files nor the network nor anything of the program, and its steps, its texts and
/// the depth of its calls are bounded (<see cref="RenderBudget"/>).
/// </remarks>
public sealed class JinjaTemplate
{
    private readonly Sequence _body;
    private readonly string _name;

    private JinjaTemplate(Sequence body, string name) => (_body, _name) = (body, name);

    /// <summary>Reads a template.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TemplateException">It is no template, too long or nested too deep; the message has line and column.</exception>
    public static JinjaTemplate Parse(string text, string name = "template") => new(TemplateParser.Parse(text, name), name);

    /// <summary>Renders the template.</summary>
    /// <param name="values">
    /// What it may name: texts, booleans, whole numbers (int or long), doubles, null, lists, dictionaries with text keys, and
    /// <see cref="JsonElement"/>s.
    /// </param>
    /// <param name="time">Tells `strftime_now` the time; null is the system's clock.</param>
    /// <exception cref="TemplateException">
    /// It refuses what it was given, looks into what is not there, or takes more steps or writes more than it may; the message has the line
    /// and the column.
    /// </exception>
    public string Render(IReadOnlyDictionary<string, object?> values, TimeProvider? time = null)
    {
        var import = new ValueImport();
        var imported = values.Select(value => (value.Key, Value: import.Value(value.Value))).ToList();
        var scope = new Scope(_name, new RenderBudget(import.Size));
        Functions.Define(scope, time ?? TimeProvider.System);
        foreach (var (name, value) in imported) scope.Set(name, value);
        return _body.Text(scope.Inner());
    }
}
