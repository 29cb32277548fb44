using Rer.Engine.Data.Jinja;

namespace Rer.Engine.Tests.Data.Jinja;

/// <summary>The language itself; what is right follows Jinja 3 under transformers' settings and Python's own rules.</summary>
public sealed class JinjaTemplateTests
{
    private static readonly Dictionary<string, object?> World = new()
    {
        ["text"] = "  Hello, wide World\n",
        ["n"] = 7,
        ["x"] = 2.5,
        ["yes"] = true,
        ["nothing"] = null,
        ["list"] = new[] { "a", "b", "c", "d" },
        ["map"] = new Dictionary<string, object?>
        {
            ["first"] = 1,
            ["items"] = "mine",
            ["sub"] = new Dictionary<string, object?> { ["k"] = "v" },
        },
        ["turns"] = new[]
        {
            new Dictionary<string, object?> { ["role"] = "user", ["content"] = "Hi" },
            new Dictionary<string, object?> { ["role"] = "assistant", ["content"] = "Hello", ["tool_calls"] = null },
            new Dictionary<string, object?> { ["role"] = "user", ["content"] = "Bye" },
        },
    };

    [Theory]
    // Printing, as Python prints.
    [InlineData("{{ none }} {{ yes }} {{ x }} {{ 3.0 }} {{ 1e20 }} {{ 0.00001 }} {{ missing }}|", "None True 2.5 3.0 1e+20 1e-05 |")]
    [InlineData("{{ ['a', 1, none, 'it\\'s'] }} {{ {'k': [true]} }}", "['a', 1, None, \"it's\"] {'k': [True]}")]
    // Arithmetic and binding.
    [InlineData("{{ 1 + 2 * 3 ** 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 'ab' * 2 }} {{ 1 ~ 'x' ~ 2.0 }}", "19 -4 2 3.5 abab 1x2.0")]
    [InlineData("{{ 'a' + 'B ' | trim | lower + 'c' }}", "abc")]
    [InlineData("{{ -5 | abs }} {{ not false and 1 == 1.0 }} {{ 1 < 2 < 3 }} {{ 1 < 2 > 5 }}", "5 True True False")]
    [InlineData("{{ '' or 'else' }} {{ 'a' and 'b' }} {{ 'A' if n > 5 else 'B' }} {{ 'A' if n > 9 }}|", "else b A |")]
    [InlineData("{{ 'b' in list }} {{ 'z' not in list }} {{ 'wide' in text }} {{ 'first' in map }}", "True True True True")]
    // Elements, attributes, slices.
    [InlineData("{{ list[0] }}{{ list[-1] }} {{ list[1:3] }} {{ list[::-1] | join }} {{ text[2:7] }} {{ list[5] is defined }}",
        "ad ['b', 'c'] dcba Hello False")]
    [InlineData("{{ map.first }} {{ map['items'] }} {{ map.sub.k }} {{ map.nope is defined }} {{ map.get('nope', 'other') }}",
        "1 mine v False other")]
    [InlineData("{% for k, v in map.sub.items() %}{{ k }}={{ v }}{% endfor %}", "k=v")]
    [InlineData("{{ '日本語😀'[3] }} {{ '日本語😀' | length }} {{ '😀é'[::-1] }}", "😀 4 é😀")]
    // Methods of texts.
    [InlineData(
        "{{ text.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'a.b.c'.split('.', 1) }}|{{ 'a.b.c'.rsplit('.', 1)[-1] }}|{{ ' a  b '.split() }}",
        "Hello, wide World|a|['a', 'b.c']|c|['a', 'b']")]
    [InlineData(
        "{{ 'abc'.startswith('ab') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'aXbX'.replace('X', '-', 1) }} {{ 'hello world'.title() }} {{ "
            + "'a-b'.upper() }}", "True True a-bX Hello World A-B")]
    [InlineData("{{ 'a\\nb\\n'.splitlines() }} {{ ','.join(['x', 'y']) }} {{ 'abc'.find('c') }} {{ '{} is {n}'.format('it', n=3) }}",
        "['a', 'b'] x,y 2 it is 3")]
    // Filters.
    [InlineData("{{ missing | default('d') }} {{ '' | default('d') }}| {{ '' | default('d', true) }} {{ nothing | d('d') }}", "d | d None")]
    [InlineData(
        "{{ list | length }} {{ list | first }} {{ list | last }} {{ list | join(', ') }} {{ 'abc' | upper | reverse }} {{ [3, 1, 2] | "
            + "sort | list }}", "4 a d a, b, c, d CBA [1, 2, 3]")]
    [InlineData(
        "{{ turns | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('+') }} {{ turns | rejectattr('role', 'eq', "
            + "'user') | list | length }}", "Hi+Bye 1")]
    [InlineData(
        "{{ turns | selectattr('tool_calls', 'undefined') | list | length }} {{ turns | selectattr('tool_calls') | list | length }} {{ "
            + "list | select('in', ['a', 'd']) | list }}", "2 0 ['a', 'd']")]
    [InlineData(
        "{{ list | map('upper') | join }} {{ [1, 2, 3] | sum }} {{ '42' | int + 1 }} {{ 'x' | int }} {{ '1.5' | float }} {{ 2.5 | round }} "
            + "{{ 'a\nb' | indent(2) }}", "ABCD 6 43 0 1.5 2.0 a\n  b")]
    [InlineData("{{ map | tojson }} {{ '<é\"\\n>' | tojson }}",
        "{\"first\": 1, \"items\": \"mine\", \"sub\": {\"k\": \"v\"}} \"<é\\\"\\n>\"")]
    [InlineData("{{ {'a': [1, {}], 'b': []} | tojson(indent=2) }}", "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")]
    // Tests.
    [InlineData(
        "{{ text is string }} {{ n is number }} {{ nothing is none }} {{ missing is not defined }} {{ map is mapping }} {{ list is "
            + "iterable }} {{ 4 is even }} {{ 9 is divisibleby 3 }}", "True True True True True True True True")]
    [InlineData("{{ yes is true }} {{ 1 is true }} {{ 'a' is in ['a'] }} {{ n is not none and n is integer }}", "True False True True")]
    // Statements.
    [InlineData("{% for i in range(1, 8, 3) %}{{ loop.index }}:{{ i }}{{ ',' if not loop.last }}{% else %}none{% endfor %}", "1:1,2:4,3:7")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}{% for i in missing %}x{% endfor %}", "none")]
    [InlineData(
        "{% for t in turns if t.role == 'user' %}{{ loop.index0 }}{{ t.content }}{{ loop.previtem.content if not loop.first }}{% endfor %}",
        "0Hi1ByeHi")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "023")]
    [InlineData("{% set a = 1 %}{% for i in [1, 2] %}{% set a = a + i %}{{ a }}{% endfor %}{{ a }}", "231")]
    [InlineData("{% set ns = namespace(a=1) %}{% for i in [1, 2] %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}", "4")]
    [InlineData("{% set a, b = 'x', 'y' %}{{ b }}{{ a }}{% set c %}[{{ a }}]{% endset %}{{ c | upper }}", "yx[X]")]
    [InlineData("{% macro tag(name, kind='b') %}<{{ kind }}>{{ name }}{% endmacro %}{{ tag('x') }}{{ tag('y', kind='i') }}", "<b>x<i>y")]
    [InlineData("{% macro down(n) %}{{ n }}{% if n > 0 %}{{ down(n - 1) }}{% endif %}{% endmacro %}{{ down(3) }}", "3210")]
    [InlineData(
        "{% filter upper %}a{{ 'b' }}{% endfilter %}{% with v = 2 %}{{ v }}{% endwith %}{{ v is defined }}{% generation %}g{% "
            + "endgeneration %}", "AB2Falseg")]
    [InlineData("{% raw %}{{ not {% read %}{% endraw %}{# nor this #}!", "{{ not {% read %}!")]
    [InlineData("{% if n == 1 %}1{% elif n == 7 %}7{% else %}?{% endif %}{{ 'a' 'b' }}{{ '\\u00e9\\x41\\q' }}", "7abéA\\q")]
    public void It_renders_as_Jinja_does(string template, string expected) =>
        Assert.Equal(expected, JinjaTemplate.Parse(template).Render(World));

    [Theory]
    [InlineData("a\n", "a")]
    [InlineData("a\n\n", "a\n")]
    [InlineData("{% if true %}\nx\n{% endif %}\ny", "x\ny")]
    [InlineData("a\n    {% if true %}\n  x\n    {% endif %}\ny", "a\n  x\ny")]
    [InlineData("a\n  {{ 1 }}\n{{ 2 }}\nb", "a\n  1\n2\nb")]
    [InlineData("a \n {{- 1 -}} \n b", "a1b")]
    [InlineData("a  {%- if true -%}  x  {%- endif -%}  b", "axb")]
    [InlineData("a\n  {%+ if true %}x{% endif +%}\nb", "a\n  x\nb")]
    [InlineData("a\n  {# c #}\nb", "a\nb")]
    [InlineData("{% set q = 1 %}  {% if true %}x{% endif %}", "  x")]
    [InlineData("{% set q = 1 %}\n  {% if true %}x{% endif %}", "x")]
    [InlineData("a\r\nb", "a\nb")]
    public void White_space_goes_and_stays_as_transformers_has_it(string template, string expected) =>
        Assert.Equal(expected, JinjaTemplate.Parse(template).Render(World));

    [Theory]
    [InlineData("a\n{{ 1 + }}", 2, 8, "a value is needed here, not '}}'")]
    [InlineData("{% if n %}\n{% for i in list %}x{% endif %}", 2, 24, "there is no tag 'endif' here")]
    [InlineData("\n\n  {% if n %}x", 3, 6, "this tag is not closed by 'endif'")]
    [InlineData("{{ 'abc }}", 1, 4, "the string is not closed")]
    [InlineData("x {{ n ", 1, 3, "the tag is not closed by '}}'")]
    [InlineData("{{ n | frobnicate }}", 1, 8, "there is no filter 'frobnicate'. Known ones: trim,")]
    [InlineData("{{ n is frobbed }}", 1, 9, "there is no test 'frobbed'")]
    [InlineData("{% include 'a' %}", 1, 4, "there is no tag 'include' here. Known ones: if,")]
    [InlineData("{{ a ? b }}", 1, 6, "'?' has no meaning in an expression")]
    public void What_cannot_be_read_is_told_by_line_and_column(string template, int line, int column, string message)
    {
        var error = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(template, "it"));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"it, line {line}, column {column}: {message}", error.Message);
    }

    [Theory]
    [InlineData("a\n {{ missing.name }}", 2, 13, "'missing' is undefined, so it has no 'name'.")]
    [InlineData("{{ raise_exception('Only users may speak') }}", 1, 19, "Only users may speak")]
    [InlineData("{{ 'a' + 1 }}", 1, 8, "'+' does not take a text and a number.")]
    [InlineData("{{ nothing() }}", 1, 11, "none cannot be called.")]
    [InlineData("{% set a.b = 1 %}", 1, 8, "only a name or an attribute of a namespace can be set.")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 0, 0, "nested too deep")]
    [InlineData("{% for a, b in list %}{% endfor %}", 1, 8, "a text cannot be taken apart into 2 names.")]
    [InlineData("{{ list.append('x') }}", 1, 9, "a template may not change a list")]
    public void What_cannot_be_done_is_told_by_line_and_column(string template, int line, int column, string message)
    {
        var error = Assert.Throws<TemplateException>(() => JinjaTemplate.Parse(template, "it").Render(World));
        if (line > 0) Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("%d %b %Y", "05 Mar 2026")]
    [InlineData("%A, %-d %B %y at %H:%M %p %%", "Thursday, 5 March 26 at 07:04 AM %")]
    [InlineData("%Y-%m-%d", "2026-03-05")]
    public void A_template_may_tell_the_time(string format, string expected)
    {
        var text = JinjaTemplate.Parse($"{{{{ strftime_now('{format}') }}}}").Render(World, new FixedTime());
        Assert.Equal(expected, text);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 3, 5, 7, 4, 9, TimeSpan.Zero);
    }
}
