using Rer.Engine.Data.Jinja.Runtime;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Filters that make a text; any value is taken as it is printed.</summary>
internal static class TextFilters
{
    private const string WordStarts = "- \t\n\r\f\v\u00a0({[<";

    private static readonly (string Character, string Escape)[] _escapes =
        [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ("\"", "&#34;")];

    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Builtin> All { get; } = new()
    {
        ["trim"] = new("chars", (value, given) => TextMethods.Strip(Text(value, given), given.Text(0, "chars"), true, true)),
        ["upper"] = new("", (value, given) => TextCase.Upper(Text(value, given))),
        ["lower"] = new("", (value, given) => TextCase.Lower(Text(value, given))),
        ["capitalize"] = new("", (value, given) => TextCase.Capitalize(Text(value, given))),
        ["title"] = new("", (value, given) => Title(Text(value, given))),
        ["center"] = new("width", (value, given) =>
            TextMethods.Center(Text(value, given), given.Integer(0, "width") ?? 80, " ", given.Budget)),
        ["replace"] = new("old new count", (value, given) => TextSplit.Replace(
            Text(value, given),
            Printing.Text(given.Need(0, "old"), given.Budget),
            Printing.Text(given.Need(1, "new"), given.Budget),
            given.Integer(2, "count") ?? -1,
            given.Budget)),
        ["indent"] = new("width first blank", Indent),
        ["truncate"] = new("length killwords end leeway", Truncate),
        ["string"] = new("", (value, given) => Printing.Text(value, given.Budget)),
        ["safe"] = new("", (value, given) => Printing.Text(value, given.Budget)),
        ["escape"] = new("", (value, given) => Escape(Text(value, given), given.Budget)),
        ["forceescape"] = new("", (value, given) => Escape(Text(value, given), given.Budget)),
        ["format"] = new(null, Format),
        ["wordcount"] = new("", (value, given) => WordCount(Text(value, given))),
        ["tojson"] = new("ensure_ascii indent separators sort_keys", ToJson),
    };

    /// <summary>A value's text, of which the filter makes another of about its length.</summary>
    private static string Text(object? value, Arguments given)
    {
        var text = Printing.Text(value, given.Budget);
        given.Budget.Write(text.Length);
        return text;
    }

    /// <summary>Each word's first letter in upper case, the rest in lower case. Words begin behind blanks and some signs.</summary>
    private static string Title(string text)
    {
        var titled = new System.Text.StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var inWord = !StartsWord(text[at]);
            var end = at;
            while (end < text.Length && StartsWord(text[end]) != inWord) end++;
            var part = text[at..end];
            at = end;
            var first = TextIndex.UnitOf(part, 1);
            titled.Append(inWord ? TextCase.Upper(part[..first]) + TextCase.Lower(part[first..]) : part);
        }
        return titled.ToString();
    }

    private static bool StartsWord(char c) => WordStarts.Contains(c) || TextMethods.IsSpace(c);

    private static string Indent(object? value, Arguments given)
    {
        if (value is not string text) throw new EvaluationException($"'indent' takes a text, not {Values.Kind(value)}.");
        string by;
        if (given.Get(0, "width", 4L) is string given_text) by = given_text;
        else
        {
            var width = Math.Max(0, given.Integer(0, "width") ?? 4);
            given.Budget.Write(width);
            by = new string(' ', (int)width);
        }
        var blanks = given.Flag(2, "blank");
        var lines = TextSplit.Lines(text + "\n", keepEnds: false, given.Budget);
        bool Gets(object? line, int i) => i == 0 ? given.Flag(1, "first") : blanks || line is not "";
        var indented = lines.Select((line, i) => Gets(line, i) ? by + Checked((string)line!) : (string)line!);
        return TextSplit.Join("\n", indented.ToList(), given.Budget);

        string Checked(string line)
        {
            given.Budget.Write(by.Length + line.Length);
            return line;
        }
    }

    private static object? Truncate(object? value, Arguments given)
    {
        if (value is not string text)
        {
            // Whatever is short enough stays what it is.
            return Values.Length(value, given.Budget) <= (given.Integer(0, "length") ?? 255) + (given.Integer(3, "leeway") ?? 5) ? value
                : throw new EvaluationException($"'truncate' takes a text, not {Values.Kind(value)}.");
        }
        given.Budget.Write(text.Length);
        var (length, end) = (given.Integer(0, "length") ?? 255, given.Text(2, "end") ?? "...");
        var (leeway, rest) = (given.Integer(3, "leeway") ?? 5, length - TextIndex.Length(end));
        if (rest < 0) throw new EvaluationException($"'truncate' to {length} characters leaves no room for '{end}'.");
        if (leeway < 0) throw new EvaluationException("'truncate' takes a leeway of 0 or more.");
        if (TextIndex.Length(text) <= length + leeway) return text;
        var kept = TextIndex.Slice(text, 0, rest, 1);
        if (!given.Flag(1, "killwords") && kept.LastIndexOf(' ') is >= 0 and var blank) kept = kept[..blank];
        return kept + end;
    }

    private static string Escape(string text, RenderBudget budget)
    {
        foreach (var (character, escape) in _escapes)
            text = TextSplit.Replace(text, character, escape, -1, budget);
        return text;
    }

    private static string Format(object? value, Arguments given)
    {
        if (given.Positional.Count > 0 && given.Named.Count > 0)
            throw new EvaluationException("'format' takes values by their places or by their names, not both.");
        object? values = new TupleValue(given.Positional);
        if (given.Named.Count > 0) values = Functions.MappingOf(given);
        return Printf.Format(Printing.Text(value, given.Budget), values, given.Budget);
    }

    /// <summary>Runs of letters, numbers and underscores.</summary>
    private static long WordCount(string text)
    {
        var (count, inWord) = (0L, false);
        for (var at = 0; at < text.Length;)
        {
            var c = Tokenizers.Unicode.CodePoint.At(text, at, out var length);
            var belongs = c == '_' || TextMethods.IsAlphanumeric(c);
            if (belongs && !inWord) count++;
            inWord = belongs;
            at += length;
        }
        return count;
    }

    private static string ToJson(object? value, Arguments given)
    {
        (string, string)? separators = null;
        if (given.Get(2, "separators") is { } pair)
        {
            separators = pair is IReadOnlyList<object?> and [string item, string key] ? (item, key)
                : throw new EvaluationException("the argument 'separators' must be two texts: between elements, and behind keys.");
        }
        string? indent = null;
        if (given.Get(1, "indent") is string text) indent = text;
        else if (given.Integer(1, "indent") is { } width)
        {
            given.Budget.Write(Math.Max(0, width));
            indent = new string(' ', (int)Math.Max(0, width));
        }
        return new PythonJson(given.Budget, indent, separators, given.Flag(0, "ensure_ascii"), given.Flag(3, "sort_keys")).Write(value);
    }
}
