using System.Text.Json;
using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Whatever a template is, it renders or ends in a <see cref="TemplateException"/> with its line and column.</summary>
public sealed class JinjaFuzzTests
{
    private static readonly string _folder = Path.Combine(RepositoryRoot.Path, "tests", "Rer.Engine.Tests", "Data", "Jinja");

    private static readonly Dictionary<string, object?> _world = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "world.json")))
        .RootElement
        .EnumerateObject().ToDictionary(value => value.Name, value => (object?)value.Value);

    private static readonly string[] _words =
    [
        "{%", "%}", "{{", "}}", "{#", "#}", "{%-", "-%}", "{{-", "-}}", "+%}", "if", "elif", "else", "endif", "for", "in", "endfor",
        "set", "endset", "macro", "endmacro", "call", "endcall", "filter", "endfilter", "with", "endwith", "raw", "endraw", "{% raw %}",
        "{% endraw %}", "generation", "endgeneration", "recursive", "loop", "loop(", "loop.changed(", "break", "continue", "print", "not",
        "and", "or", "is", "is not", "true", "none", "namespace(", "range(", "dict(", "cycler(", "joiner(", "caller()", "varargs",
        "kwargs", "messages", "message", "text", "list", "map", "numbers", "unicode", "missing", "ns.", "|tojson", "|join(", "|map(",
        "|select(", "|selectattr(", "|groupby(", "|batch(", "|slice(", "|sort(", "|round(", "|indent(", "|center(", "|truncate(",
        "|replace(", "|format(", "|int", "|float", "|list", "|length", "|first", "|last", "|reverse", "|unique", "|dictsort", "|items",
        "|default(", "|attr(", ".split(", ".format(", ".join(", ".replace(", ".center(", ".ljust(", ".zfill(", ".expandtabs(",
        ".partition(", ".items()", ".get(", ".title()", ".upper()", "%s", "%5.2f", "%*d", "%(a)s", "{:>5}", "{!r}", "{0[a].b}", "'", "\"",
        "\\", "\\u", "\\x", "\\N{", "\\777", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==", "<", "*", "**", "//", "%", "~", "+",
        "-", "0", "1", "-1", "9223372036854775807", "1e308", "1e999", "0x", "1_0", "100000", "\n", "\r\n", " ", "\u2028", "\ud800",
    ];

    [Fact]
    public void A_template_renders_or_says_where_it_does_not()
    {
        var seeds = File.ReadLines(Path.Combine(_folder, "templates.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("template").GetString()!)
            .ToList();
        Reading.Run(seeds, TextMutations.Words(_words), template =>
        {
            try
            {
                JinjaTemplate.Parse(template, "it").Render(_world);
            }
            catch (TemplateException error)
            {
                Assert.StartsWith($"it, line {error.Line}, column {error.Column}: ", error.Message);
                Assert.InRange(error.Line, 1, template.Length + 1);
                Assert.InRange(error.Column, 1, template.Length + 1);
            }
        });
    }
}
