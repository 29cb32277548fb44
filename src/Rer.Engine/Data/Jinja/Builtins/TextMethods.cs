using System.Globalization;
using System.Text;
using Rer.Engine.Data.Jinja.Runtime;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Data.Jinja.Builtins;

/// <summary>Python's methods of texts.</summary>
internal static class TextMethods
{
    /// <summary>The methods by name.</summary>
    public static Dictionary<string, Builtin> Known { get; } = new()
    {
        ["strip"] = new("chars", (text, given) => Strip(Read(text, given), given.Text(0, "chars"), true, true)),
        ["lstrip"] = new("chars", (text, given) => Strip(Read(text, given), given.Text(0, "chars"), true, false)),
        ["rstrip"] = new("chars", (text, given) => Strip(Read(text, given), given.Text(0, "chars"), false, true)),
        ["upper"] = new("", (text, given) => TextCase.Upper(Made(text, given))),
        ["lower"] = new("", (text, given) => TextCase.Lower(Made(text, given))),
        ["casefold"] = new("", (text, given) => TextCase.Fold(Made(text, given))),
        ["swapcase"] = new("", (text, given) => TextCase.SwapCase(Made(text, given))),
        ["capitalize"] = new("", (text, given) => TextCase.Capitalize(Made(text, given))),
        ["title"] = new("", (text, given) => TextCase.Title(Made(text, given))),
        ["startswith"] = new("prefix start end", (text, given) =>
            Any(given, "prefix", Part(Read(text, given), given), (whole, part) => whole.StartsWith(part, StringComparison.Ordinal))),
        ["endswith"] = new("suffix start end", (text, given) =>
            Any(given, "suffix", Part(Read(text, given), given), (whole, part) => whole.EndsWith(part, StringComparison.Ordinal))),
        ["removeprefix"] = new("prefix", (text, given) => Made(text, given) is var whole && given.NeedText(0, "prefix") is var part
            && whole.StartsWith(part, StringComparison.Ordinal) ? whole[part.Length..] : whole),
        ["removesuffix"] = new("suffix", (text, given) => Made(text, given) is var whole && given.NeedText(0, "suffix") is var part
            && whole.EndsWith(part, StringComparison.Ordinal) ? whole[..^part.Length] : whole),
        ["split"] = new("sep maxsplit", (text, given) => TextSplit.Split(Made(text, given), given, fromEnd: false)),
        ["rsplit"] = new("sep maxsplit", (text, given) => TextSplit.Split(Made(text, given), given, fromEnd: true)),
        ["splitlines"] = new("keepends", (text, given) => TextSplit.Lines(Made(text, given), given.Flag(0, "keepends"), given.Budget)),
        ["partition"] = new("sep", (text, given) => TextSplit.Partition(Made(text, given), given.NeedText(0, "sep"), fromEnd: false)),
        ["rpartition"] = new("sep", (text, given) => TextSplit.Partition(Made(text, given), given.NeedText(0, "sep"), fromEnd: true)),
        ["replace"] = new("old new count", (text, given) => TextSplit.Replace(
            (string)text!, given.NeedText(0, "old"), given.NeedText(1, "new"), given.Integer(2, "count") ?? -1, given.Budget)),
        ["find"] = new("sub start end", (text, given) => Find(Read(text, given), given, last: false)),
        ["rfind"] = new("sub start end", (text, given) => Find(Read(text, given), given, last: true)),
        ["index"] = new("sub start end", (text, given) => Found(Find(Read(text, given), given, last: false))),
        ["rindex"] = new("sub start end", (text, given) => Found(Find(Read(text, given), given, last: true))),
        ["count"] = new("sub start end", (text, given) => Count(Part(Read(text, given), given), given.NeedText(0, "sub"))),
        ["join"] = new("iterable", Join),
        ["isdigit"] = new("", (text, given) => All(text, given, c => CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(c), 0) >= 0)),
        ["isdecimal"] = new("", (text, given) =>
            All(text, given, c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber)),
        ["isnumeric"] = new("", (text, given) => All(text, given, IsNumeric)),
        ["isalpha"] = new("", (text, given) => All(text, given, c => CharUnicodeInfo.GetUnicodeCategory(c) <= UnicodeCategory.OtherLetter)),
        ["isalnum"] = new("", (text, given) => All(text, given, IsAlphanumeric)),
        ["isascii"] = new("", (text, given) => Read(text, given).All(char.IsAscii)),
        ["isspace"] = new("", (text, given) => All(text, given, c => c < 0x10000 && IsSpace((char)c))),
        ["isupper"] = new("", (text, given) => Read(text, given) is var whole && Any(whole, TextCase.IsUpper)
            && !Any(whole, c => TextCase.IsCased(c) && !TextCase.IsUpper(c))),
        ["islower"] = new("", (text, given) => Read(text, given) is var whole && Any(whole, TextCase.IsLower)
            && !Any(whole, c => TextCase.IsCased(c) && !TextCase.IsLower(c))),
        ["zfill"] = new("width", (text, given) => (string)text! is var whole && whole.StartsWith('-') || whole.StartsWith('+')
            ? whole[..1] + Pad(whole[1..], given.NeedInteger(0, "width") - 1, "0", '>', given.Budget)
            : Pad(whole, given.NeedInteger(0, "width"), "0", '>', given.Budget)),
        ["ljust"] = new("width fillchar", (text, given) =>
            Pad((string)text!, given.NeedInteger(0, "width"), FillOf(given), '<', given.Budget)),
        ["rjust"] = new("width fillchar", (text, given) =>
            Pad((string)text!, given.NeedInteger(0, "width"), FillOf(given), '>', given.Budget)),
        ["center"] = new("width fillchar", (text, given) =>
            Center((string)text!, given.NeedInteger(0, "width"), FillOf(given), given.Budget)),
        ["expandtabs"] = new("tabsize", (text, given) => ExpandTabs((string)text!, given.Integer(0, "tabsize") ?? 8, given.Budget)),
        ["format"] = new(null, (text, given) => TextFormat.Format((string)text!, given)),
    };

    /// <summary>Drops characters from the ends: white space, or any of <paramref name="characters"/>.</summary>
    public static string Strip(string text, string? characters, bool start, bool end)
    {
        // Without surrogates every unit is a character; with them the few characters are compared whole.
        var set = characters?.EnumerateRunes().ToHashSet();
        var (from, to) = (0, text.Length);
        while (start && from < to)
        {
            Rune.DecodeFromUtf16(text.AsSpan(from, to - from), out var rune, out var length);
            if (!Goes(rune)) break;
            from += length;
        }
        while (end && to > from)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(from, to - from), out var rune, out var length);
            if (!Goes(rune)) break;
            to -= length;
        }
        return text[from..to];

        bool Goes(Rune c) => set is null ? c.IsBmp && IsSpace((char)c.Value) : set.Contains(c);
    }

    /// <summary>White space as Python's texts have it.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>Letters and numbers of all kinds.</summary>
    public static bool IsAlphanumeric(int c) => CharUnicodeInfo.GetUnicodeCategory(c) <= UnicodeCategory.OtherLetter || IsNumeric(c);

    /// <summary>A text in the middle of a width; of an odd number of blanks the one more stands where Python puts it.</summary>
    public static string Center(string text, long width, string fill, RenderBudget budget)
    {
        var missing = width - TextIndex.Length(text);
        if (missing <= 0) return text;
        var left = missing / 2 + (missing & width & 1);
        return Pad(Pad(text, width - left, fill, '<', budget), width, fill, '>', budget);
    }

    private static string Pad(string text, long width, string fill, char align, RenderBudget budget)
    {
        budget.Read(text.Length);
        budget.Write(Math.Max(width, text.Length));
        return new FormatSpec { Fill = fill, Width = (int)width }.Pad("", text, align, budget);
    }

    private static string FillOf(Arguments given)
    {
        var fill = given.Text(1, "fillchar") ?? " ";
        return TextIndex.Length(fill) == 1 ? fill : throw new EvaluationException("the argument 'fillchar' must be one character.");
    }

    private static string ExpandTabs(string text, long size, RenderBudget budget)
    {
        var expanded = new StringBuilder();
        var column = 0L;
        foreach (var c in text)
        {
            var count = c == '\t' ? size <= 0 ? 0 : size - column % size : 1;
            budget.Write(count);
            expanded.Append(c == '\t' ? ' ' : c, (int)count);
            column = c is '\n' or '\r' ? 0 : column + count;
        }
        return expanded.ToString();
    }

    private static string Join(object? separator, Arguments given)
    {
        var items = Values.Items(given.Need(0, "iterable"), given.Budget);
        var texts = items.Select(item => item as string
            ?? throw new EvaluationException($"'join' needs texts; one of the elements is {Values.Kind(item)}."));
        return TextSplit.Join((string)separator!, texts.ToList(), given.Budget);
    }

    /// <summary>The index of a part, or -1.</summary>
    private static long Find(string text, Arguments given, bool last)
    {
        var sub = given.NeedText(0, "sub");
        var (from, to) = Bounds(text, given);
        if (from > to) return -1;
        var part = text.AsSpan(from, to - from);
        var at = last ? part.LastIndexOf(sub) : part.IndexOf(sub);
        if (sub.Length == 0) at = last ? part.Length : 0;
        return at < 0 ? -1 : TextIndex.CharacterOf(text, from + at);
    }

    private static long Found(long index) => index >= 0 ? index : throw new EvaluationException("the text has no such part.");

    private static long Count(string? text, string sub)
    {
        if (text is null) return 0;
        if (sub.Length == 0) return TextIndex.Length(text) + 1;
        var count = 0L;
        for (var rest = text.AsSpan(); rest.IndexOf(sub) is >= 0 and var at; rest = rest[(at + sub.Length)..]) count++;
        return count;
    }

    /// <summary>The part from the second argument to the third; null where it begins behind its end.</summary>
    private static string? Part(string text, Arguments given)
    {
        if (given.Integer(1, "start") is null && given.Integer(2, "end") is null) return text;
        var (from, to) = Bounds(text, given);
        return from <= to ? text[from..to] : null;
    }

    private static (int From, int To) Bounds(string text, Arguments given)
    {
        if (given.Integer(1, "start") is null && given.Integer(2, "end") is null) return (0, text.Length);
        var length = TextIndex.Length(text);
        long Bound(long? bound, long fallback) => bound is { } index ? Math.Max(0, index < 0 ? index + length : index) : fallback;
        var (start, end) = (Bound(given.Integer(1, "start"), 0), Math.Min(length, Bound(given.Integer(2, "end"), length)));
        return start > end ? (1, 0) : (TextIndex.UnitOf(text, start), TextIndex.UnitOf(text, end));
    }

    private static bool Any(Arguments given, string name, string? text, Func<string, string, bool> holds)
    {
        IReadOnlyList<object?> parts = given.Need(0, name) switch
        {
            string one => [one],
            TupleValue several => several,
            var other => throw new EvaluationException($"the argument '{name}' is {Values.Kind(other)}; a text or a tuple is needed."),
        };
        return text is not null && parts.Any(part => holds(text, part as string
            ?? throw new EvaluationException($"the argument '{name}' holds {Values.Kind(part)}; texts are needed.")));
    }

    private static bool IsNumeric(int c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private static bool All(object? text, Arguments given, Func<int, bool> holds) =>
        Read(text, given) is { Length: > 0 } whole && !Any(whole, c => !holds(c));

    private static bool Any(string text, Func<int, bool> holds)
    {
        for (var at = 0; at < text.Length;)
        {
            if (holds(CodePoint.At(text, at, out var length))) return true;
            at += length;
        }
        return false;
    }

    private static string Read(object? text, Arguments given)
    {
        given.Budget.Read(((string)text!).Length);
        return (string)text;
    }

    /// <summary>The text, of which the method makes another of about its length.</summary>
    private static string Made(object? text, Arguments given)
    {
        given.Budget.Write(((string)text!).Length);
        return (string)text;
    }
}
