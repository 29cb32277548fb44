using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Tests.Data.Jinja;

/// <summary>A template is written by others: whatever it asks for, it ends, and says where it was stopped and by which bound.</summary>
public sealed class JinjaBoundsTests
{
    private const string Steps = "takes more than 10,00";
    private const string Characters = "makes texts of more than 16,00";
    private const string Nested = "may be nested 100 deep";

    public static TheoryData<string, string> TooDeep => new()
    {
        { Repeat("{% if true %}", 20_000) + Repeat("{% endif %}", 20_000), Nested },
        { Repeat("{% for a in b %}", 20_000), Nested },
        { Repeat("{% with %}", 20_000), Nested },
        { Repeat("{% macro m() %}", 20_000), Nested },
        { Repeat("{% set a %}", 20_000), Nested },
        { Repeat("{% filter upper %}", 20_000), Nested },
        { Repeat("{% call m() %}", 20_000), Nested },
        { "{{ " + Repeat("-", 200_000) + "1 }}", Nested },
        { "{{ " + Repeat("not ", 200_000) + "1 }}", Nested },
        { "{{ " + Repeat("(", 100_000) + "1" + Repeat(")", 100_000) + " }}", Nested },
        { "{{ " + Repeat("[", 100_000) + "1" + Repeat("]", 100_000) + " }}", Nested },
        { "{{ " + Repeat("{1:", 100_000) + "1" + Repeat("}", 100_000) + " }}", Nested },
        { "{{ " + Repeat("a[", 100_000) + "1" + Repeat("]", 100_000) + " }}", Nested },
        { "{{ " + Repeat("a(", 100_000) + "1" + Repeat(")", 100_000) + " }}", Nested },
        { "{{ " + Repeat("1 if 1 else ", 80_000) + "1 }}", Nested },
        { "{% for " + Repeat("(", 100_000) + "a" + Repeat(")", 100_000) + " in b %}{% endfor %}", Nested },
        { "{{ a" + Repeat(".a", 100_000) + " }}", "at most 200 attributes" },
        { "{{ a" + Repeat("[0]", 100_000) + " }}", "at most 200 attributes" },
        { "{{ a" + Repeat("()", 100_000) + " }}", "at most 200 attributes" },
        { "{{ a" + Repeat("|trim", 100_000) + " }}", "at most 200 attributes" },
        { "{{ a" + Repeat(" is none()", 50_000) + " }}", "at most 200 attributes" },
        { "{% filter trim" + Repeat("|trim", 100_000) + " %}{% endfilter %}", "at most 200 attributes" },
        { "{% set a" + Repeat(".a", 100_000) + " = 1 %}", "at most 200 attributes" },
        { "{{ a is a" + Repeat(".a", 100_000) + " }}", "at most 200 attributes" },
        { new string('x', 1_000_001), "a template may have 1,000,000 characters" },
    };

    [Theory, MemberData(nameof(TooDeep))]
    public void A_template_that_is_nested_too_deep_is_refused_before_it_runs(string template, string bound)
    {
        var error = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(template, "it"));
        Assert.Contains(bound, error.Message);
        Assert.StartsWith($"it, line {error.Line}, column {error.Column}: ", error.Message);
        Assert.True(error.Line > 0 && error.Column > 0 && error.Message.Length < 300);
    }

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}", Steps)]
    [InlineData("{% for i in range(100000) if range(100000) | select | list %}{% endfor %}", Steps)]
    [InlineData("{{ range(100000) | map('list') | list }}", "cannot be gone through")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", Steps)]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}", Characters)]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
        Steps)]
    [InlineData(
        "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(99) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, "
            + "b.l] %}{% endfor %}{{ a.l == b.l }}", Steps)]
    [InlineData(
        "{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(99) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, "
            + "b.l] %}{% endfor %}{{ a.l < b.l }}", Steps)]
    [InlineData("{% set ns = namespace(l=(1,)) %}{% for i in range(99) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
        Characters)]
    [InlineData("{{ [0] * 1000000000000 }}", Steps)]
    [InlineData("{{ 4611686018427387904 * [0] }}", Steps)]
    [InlineData("{{ [1] | batch(9000000000000000000, 0) | list }}", Steps)]
    [InlineData("{{ [] | slice(9000000000000000000) | list }}", Steps)]
    [InlineData("{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{{ 'y' in t }}{% endfor %}", Steps)]
    [InlineData("{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{{ t[i] }}{% endfor %}", Steps)]
    [InlineData("{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{{ t | length }}{% endfor %}", Steps)]
    [InlineData("{% set t = 'x' * 1000000 %}{% for i in range(100000) %}{{ {t: 1} is none }}{% endfor %}", Steps)]
    [InlineData("{% set l = range(50000) | list %}{% for i in l %}{{ -1 in l }}{% endfor %}", Steps)]
    [InlineData("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(150) }}", Steps)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = [ns.t, ns.t] | join %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t.replace('x', 'xx') %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = '{0}{0}'.format(ns.t) %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = '%s%s' % (ns.t, ns.t) %}{% endfor %}", Characters)]
    [InlineData("{% set ns = namespace(t='&') %}{% for i in range(99) %}{% set ns.t = ns.t | e %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
        Characters)]
    [InlineData("{% for i in range(100000) %}{% for j in range(1000) %}0123456789012345678901234567890123456789{% endfor %}{% endfor %}",
        Characters)]
    [InlineData(
        "{% macro m() %}{% for i in range(90000) %}01234567890123456789{% endfor %}{% endmacro %}{% for i in range(90000) %}{% set x = m() "
            + "%}{% endfor %}", Characters)]
    [InlineData("{{ 'x' * 1000000000000 }}", Characters)]
    [InlineData("{{ 4611686018427387904 * 'xyz' }}", Characters)]
    [InlineData("{{ 'x'.center(1000000000) }}", Characters)]
    [InlineData("{{ 'x' | center(9000000000000000000) }}", Characters)]
    [InlineData("{{ 'x'.ljust(9000000000000000000) }}", Characters)]
    [InlineData("{{ 'x'.rjust(1000000000, '.') }}", Characters)]
    [InlineData("{{ '-x'.zfill(9000000000000000000) }}", Characters)]
    [InlineData("{{ '\\t'.expandtabs(9000000000000000000) }}", Characters)]
    [InlineData("{{ '%1000000000d' % 1 }}", Characters)]
    [InlineData("{{ '%*s' % (2000000000, 'x') }}", Characters)]
    [InlineData("{{ '%.1000000000d' % 1 }}", Characters)]
    [InlineData("{{ '{:1000000000}'.format(1) }}", Characters)]
    [InlineData("{{ '{:{w}}'.format('x', w=1000000000) }}", Characters)]
    [InlineData("{{ '\\n' | indent(9000000000000000000, true) }}", Characters)]
    [InlineData("{{ ('\\n' * 1000) | indent('x' * 1000000, true, true) }}", Characters)]
    [InlineData("{{ [[[1]]] | tojson(indent=9000000000000000000) }}", Characters)]
    [InlineData("{{ [1, 2] | tojson(separators=['x' * 9000000, 'y']) | length }}", Characters)]
    [InlineData("{{ ('x' * 100000).replace('', 'y' * 100000) }}", Characters)]
    [InlineData("{{ ('x' * 1000000).join('x' * 1000000) }}", Characters)]
    [InlineData("{{ '%.1000000000f' % 1 }}", "at most 1000 digits")]
    [InlineData("{{ '{:.100000f}'.format(1.5) }}", "at most 1000 digits")]
    [InlineData("{{ '%99999999999d' % 1 }}", "a width in the format is too large")]
    [InlineData("{{ '{:99999999999}'.format(1) }}", "no format of a value")]
    [InlineData("{{ range(100001) }}", "a range is limited to 100,000 numbers")]
    [InlineData("{{ range(-9223372036854775807, 9223372036854775807) }}", "a range is limited to 100,000 numbers")]
    [InlineData("{{ 9 ** 9 ** 9 }}", "beyond 64 bits")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "beyond 64 bits")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested too deep, more than 200")]
    [InlineData("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}", "nested too deep, more than 200")]
    [InlineData("{% macro m(x=m()) %}{% endmacro %}{{ m() }}", "nested too deep")]
    [InlineData("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}", "nested too deep, more than 200")]
    [InlineData("{% set l = namespace(x=[1]) %}{% for i in range(9) %}{% endfor %}{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "nested too deep, more than 200")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "nested more than 200 deep")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l == [ns.l] }}",
        "nested more than 200 deep")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = {'a': ns.l} %}{% endfor %}{{ ns.l | tojson }}",
        "nested more than 200 deep")]
    [InlineData("{% set ns = namespace(l=()) %}{% for i in range(99999) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}",
        "nested more than 200 deep")]
    [InlineData(
        "{% set ns = namespace(l=[]) %}{% for i in range(99999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ [ns.l] | sort }}{{ [ns.l, [ns.l]] "
            + "| max }}", "nested more than 200 deep")]
    public void A_template_that_asks_for_too_much_is_stopped(string template, string bound)
    {
        var error = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(template, "it").Render(new Dictionary<string, object?>()));
        Assert.Contains(bound, error.Message);
        Assert.StartsWith($"it, line {error.Line}, column {error.Column}: ", error.Message);
    }

    [Theory]
    [InlineData("{%", 500_000)]
    [InlineData("{#", 500_000)]
    [InlineData("{{", 500_000)]
    [InlineData("{% raw %}{%", 90_000)]
    [InlineData("{% raw %}", 100_000)]
    [InlineData("{", 1_000_000)]
    [InlineData("{{a}}", 150_000)]
    [InlineData("{{a}}\n", 150_000)]
    [InlineData("{# #}", 150_000)]
    [InlineData(" {%- if a -%} ", 90)]
    public void Many_tags_take_no_longer_than_their_number(string tag, int count)
    {
        try
        {
            JinjaTemplate.Parse(Repeat(tag, count));
        }
        catch (TemplateException)
        {
            // Whether it is a template is not the question.
        }
    }

    [Fact]
    public void Long_rows_of_operators_are_no_deeper_than_short_ones()
    {
        string Render(string template) => JinjaTemplate.Parse(template).Render(new Dictionary<string, object?>());
        Assert.Equal("100000", Render("{{ 1" + Repeat(" + 1", 99_999) + " }}"));
        Assert.Equal(new string('x', 100_000), Render("{{ 'x'" + Repeat(" ~ 'x'", 99_999) + " }}"));
        Assert.Equal("1", Render("{{ 0" + Repeat(" or 0", 99_999) + " or 1 }}"));
        Assert.Equal("True", Render("{{ 0" + Repeat(" < 1 > 0", 50_000) + " }}"));
    }

    [Fact]
    public void A_long_dialogue_has_a_larger_budget()
    {
        var messages =
            Enumerable.Range(0, 20).Select(_ => new Dictionary<string, object?> { ["content"] = new string('x', 1_000_000) }).ToArray();
        var text = JinjaTemplate.Parse("{% for m in messages %}{{ '<' + m.content | trim + '>' }}{% endfor %}")
            .Render(new Dictionary<string, object?> { ["messages"] = messages });
        Assert.Equal(20 * 1_000_002, text.Length);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
