using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Tests.Data.Jinja;

/// <summary>
/// Some three hundred templates and what Jinja 3.1 makes of them, set up as transformers does. `templates.jsonl` has what is expected, null
/// for an error; where a python3 can import jinja2, `reference.py` is asked as well, so that the file cannot say what Jinja does not.
/// </summary>
public sealed class JinjaParityTests
{
    private static readonly string _folder = Path.Combine(RepositoryRoot.Path, "tests", "Rer.Engine.Tests", "Data", "Jinja");

    private static readonly JsonElement _world = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "world.json"))).RootElement;

    private static readonly List<(string Template, string? Expected)> _rows = File.ReadLines(Path.Combine(_folder, "templates.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(row => (row.GetProperty("template").GetString()!, row.GetProperty("expected").GetString()))
        .ToList();

    public static IEnumerable<object?[]> Rows => _rows.Select(row => new object?[] { row.Template, row.Expected });

    [Theory, MemberData(nameof(Rows))]
    public void A_template_renders_as_with_Jinja(string template, string? expected) => Assert.Equal(expected, Render(template));

    [JinjaFact]
    public void The_expectations_are_those_of_Jinja()
    {
        var given = JsonSerializer.Serialize(new { world = _world, templates = _rows.Select(row => row.Template) });
        var answers = JsonSerializer.Deserialize<string?[]>(Python(JinjaFactAttribute.Interpreter!,
            [Path.Combine(_folder, "reference.py")], given))!;
        var differing = _rows.Zip(answers).Where(pair => pair.First.Expected != pair.Second)
            .Select(pair => $"{pair.First.Template}\n  here:  {pair.First.Expected ?? "an error"}\n  Jinja: {pair.Second ?? "an error"}");
        Assert.Equal("", string.Join('\n', differing));
    }

    /// <summary>What a template renders; null where it is refused.</summary>
    private static string? Render(string template)
    {
        try
        {
            return JinjaTemplate.Parse(template).Render(_world.EnumerateObject().ToDictionary(value => value.Name, value =>
                (object?)value.Value));
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    internal static string Python(string interpreter, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{interpreter}: {error.Result}");
    }
}

/// <summary>A fact that needs a python3 that can import jinja2; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JinjaFactAttribute : FactAttribute
{
    public JinjaFactAttribute()
    {
        if (Interpreter is null) Skip = "no python3 here can import jinja2 (Debian's python3-jinja2): what Jinja itself says is not asked";
    }

    /// <summary>The first python3 that can import jinja2, or null.</summary>
    internal static string? Interpreter { get; } = ((string[])["python3", "/usr/bin/python3"]).FirstOrDefault(CanImport);

    private static bool CanImport(string interpreter)
    {
        try
        {
            JinjaParityTests.Python(interpreter, ["-c", "import jinja2, jinja2.sandbox; assert jinja2.__version__ >= '3.1'"], "");
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            return false;
        }
    }
}
