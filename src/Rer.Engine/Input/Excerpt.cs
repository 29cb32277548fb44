using System.Text;

namespace Rer.Engine.Input;

/// <summary>What messages quote of names and values that others wrote: enough to find them, on one line.</summary>
internal static class Excerpt
{
    /// <summary>The text, or its beginning where it is long. Line breaks and other control characters are written as `\u000a`.</summary>
    public static string Of(ReadOnlySpan<char> text, int most = 100)
    {
        var quoted = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var size = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            if (quoted.Length + size > most) return quoted.Append("...").ToString();
            if (char.IsControl(text[i])) quoted.Append($"\\u{(int)text[i]:x4}");
            else quoted.Append(text.Slice(i, size));
            i += size - 1;
        }

        return quoted.ToString();
    }
}
