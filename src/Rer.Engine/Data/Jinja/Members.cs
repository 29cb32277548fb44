using System.Collections;
using System.Globalization;
using System.Text;

namespace Rer.Engine.Data.Jinja;

/// <summary>What stands behind a point: Python's methods of texts, lists and mappings, keys of mappings, attributes of namespaces.</summary>
internal static class Members
{
    /// <summary>`value.name`: a method first, then an element, as Jinja looks them up.</summary>
    /// <exception cref="EvaluationException">The value itself is undefined.</exception>
    public static object? Get(object? value, string name) => value switch
    {
        Undefined undefined => throw new EvaluationException($"'{undefined.Name}' is undefined, so it has no '{name}'."),
        string text => OfText(text, name),
        IDictionary map => (object?)OfMapping(map, name) ?? (map.Contains(name) ? new Box(map[name]) : null),
        IList list => OfList(list, name),
        NamespaceValue space => space.Values.TryGetValue(name, out var held) ? new Box(held) : null,
        _ => null,
    } switch
    {
        Box box => box.Value,
        null => new Undefined(name),
        var member => member,
    };

    private static TemplateFunction? OfMapping(IDictionary map, string name) => name switch
    {
        "items" => _ => map.Keys.Cast<object>().Select(key => (object?)new List<object?> { key, map[key] }).ToList(),
        "keys" => _ => map.Keys.Cast<object?>().ToList(),
        "values" => _ => map.Values.Cast<object?>().ToList(),
        "get" => given => given.Need(0, "key") is { } key && map.Contains(key) ? map[key] : given.Get(1, "default"),
        "copy" => _ => map.Keys.Cast<string>().ToDictionary(key => key, key => map[key]),
        _ => null,
    };

    private static TemplateFunction? OfList(IList list, string name) => name switch
    {
        "index" => given => (long)Found(list.Cast<object?>().ToList().FindIndex(item => Values.Equal(item, given.Need(0, "value")))),
        "count" => given => (long)list.Cast<object?>().Count(item => Values.Equal(item, given.Need(0, "value"))),
        "copy" => _ => list.Cast<object?>().ToList(),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "sort" or "reverse" =>
            throw new EvaluationException($"a template may not change a list ('{name}')."),
        _ => null,
    };

    private static TemplateFunction? OfText(string text, string name) => name switch
    {
        "strip" => given => Strip(text, given.Text(0, "chars"), true, true),
        "lstrip" => given => Strip(text, given.Text(0, "chars"), true, false),
        "rstrip" => given => Strip(text, given.Text(0, "chars"), false, true),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" or "casefold" => _ => text.ToLowerInvariant(),
        "capitalize" => _ => Capitalize(text),
        "title" => _ => Title(text),
        "startswith" => given => Any(given.Need(0, "prefix"), part => text.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => given => Any(given.Need(0, "suffix"), part => text.EndsWith(part, StringComparison.Ordinal)),
        "removeprefix" => given => given.Text(0, "prefix") is { Length: > 0 } part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text,
        "removesuffix" => given => given.Text(0, "suffix") is { Length: > 0 } part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text,
        "split" => given => Split(text, given.Text(0, "sep"), given.Integer(1, "maxsplit") ?? -1, fromEnd: false),
        "rsplit" => given => Split(text, given.Text(0, "sep"), given.Integer(1, "maxsplit") ?? -1, fromEnd: true),
        "splitlines" => _ => text.ReplaceLineEndings("\n") is { Length: > 0 } lines ? lines.TrimEndOne('\n').Split('\n').ToList<object?>() : new List<object?>(),
        "partition" => given => text.IndexOf(given.Text(0, "sep")!, StringComparison.Ordinal) is >= 0 and var at
            ? new List<object?> { text[..at], given.Text(0, "sep"), text[(at + given.Text(0, "sep")!.Length)..] }
            : new List<object?> { text, "", "" },
        "replace" => given => Replace(text, given.Text(0, "old") ?? "", given.Text(1, "new") ?? "", given.Integer(2, "count") ?? -1),
        "find" => given => (long)text.IndexOf(given.Text(0, "sub") ?? "", StringComparison.Ordinal),
        "rfind" => given => (long)text.LastIndexOf(given.Text(0, "sub") ?? "", StringComparison.Ordinal),
        "index" => given => (long)Found(text.IndexOf(given.Text(0, "sub") ?? "", StringComparison.Ordinal)),
        "count" => given => (long)(text.Split(given.Text(0, "sub")!).Length - 1),
        "join" => given => string.Join(text, Values.Items(given.Need(0, "iterable")).Select(Values.Text)),
        "isdigit" or "isdecimal" or "isnumeric" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isalnum" => _ => text.Length > 0 && text.All(char.IsLetterOrDigit),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        "zfill" => given => text.PadLeft((int)(given.Integer(0, "width") ?? 0), '0'),
        "ljust" => given => text.PadRight((int)(given.Integer(0, "width") ?? 0)),
        "rjust" => given => text.PadLeft((int)(given.Integer(0, "width") ?? 0)),
        "format" => given => Format(text, given),
        _ => null,
    };

    /// <summary>Drops characters from the ends: white space, or any of <paramref name="characters"/>.</summary>
    internal static string Strip(string text, string? characters, bool start, bool end)
    {
        bool Goes(char c) => characters is null ? char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f' : characters.Contains(c);
        var (from, to) = (0, text.Length);
        while (start && from < to && Goes(text[from])) from++;
        while (end && to > from && Goes(text[to - 1])) to--;
        return text[from..to];
    }

    /// <summary>The first letter large, all others small.</summary>
    internal static string Capitalize(string text) =>
        text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>Each word's first letter large, all others small.</summary>
    internal static string Title(string text)
    {
        var titled = new StringBuilder(text.Length);
        foreach (var c in text)
            titled.Append(titled.Length > 0 && char.IsLetter(titled[^1]) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
        return titled.ToString();
    }

    /// <summary>The first <paramref name="count"/> of a part replaced; all where it is negative.</summary>
    internal static string Replace(string text, string old, string by, long count)
    {
        if (count < 0 && old.Length > 0) return text.Replace(old, by, StringComparison.Ordinal);
        if (old.Length == 0) return by + string.Concat(text.Select(c => c + by));
        var replaced = new StringBuilder();
        var at = 0;
        for (var next = text.IndexOf(old, StringComparison.Ordinal); next >= 0 && count-- > 0; next = text.IndexOf(old, at, StringComparison.Ordinal))
        {
            replaced.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }
        return replaced.Append(text, at, text.Length - at).ToString();
    }

    private static List<object?> Split(string text, string? separator, long most, bool fromEnd)
    {
        if (separator is { Length: 0 }) throw new EvaluationException("a text cannot be split at nothing.");
        var parts = separator is null
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : text.Split(separator);
        if (most < 0 || parts.Length - 1 <= most) return [.. parts];
        var count = (int)most;
        if (separator is null)
        {
            // What is left over keeps the white space within it.
            var (left, found) = (text.Trim(), new List<object?>());
            for (; count > 0; count--)
            {
                var part = fromEnd ? left.Split((char[]?)null)[^1] : left.Split((char[]?)null)[0];
                found.Insert(fromEnd ? 0 : found.Count, part);
                left = fromEnd ? left[..^part.Length].TrimEnd() : left[part.Length..].TrimStart();
            }
            found.Insert(fromEnd ? 0 : found.Count, left);
            return found;
        }
        return fromEnd
            ? [string.Join(separator, parts[..^count]), .. parts[^count..]]
            : [.. parts[..count], string.Join(separator, parts[count..])];
    }

    /// <summary>`'{} {name}'.format(...)`, without format specifiers.</summary>
    private static string Format(string text, Arguments given)
    {
        var formatted = new StringBuilder();
        var next = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                formatted.Append(text[i++]);
            }
            else if (text[i] == '{')
            {
                var end = text.IndexOf('}', i);
                if (end < 0) throw new EvaluationException("a '{' of the format is not closed.");
                var field = text[(i + 1)..end];
                formatted.Append(Values.Text(field.Length == 0 ? given.Need(next++, "") :
                    int.TryParse(field, CultureInfo.InvariantCulture, out var index) ? given.Need(index, "") : given.Need(int.MaxValue, field)));
                i = end;
            }
            else
            {
                formatted.Append(text[i]);
            }
        }
        return formatted.ToString();
    }

    private static bool Any(object? given, Func<string, bool> holds) => given switch
    {
        string one => holds(one),
        IList several => several.Cast<object?>().Any(part => part is string text && holds(text)),
        _ => throw new EvaluationException($"a text is needed, not {Values.Kind(given)}."),
    };

    private static int Found(int index) => index >= 0 ? index : throw new EvaluationException("no such element.");

    private static string TrimEndOne(this string text, char c) => text.EndsWith(c) ? text[..^1] : text;

    /// <summary>Tells a member that is none from one that is not there.</summary>
    private sealed record Box(object? Value);
}
