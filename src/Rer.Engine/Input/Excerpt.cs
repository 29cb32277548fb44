using System.Text;

namespace Rer.Engine.Input;

/// <summary>What messages quote of names and values that others wrote: enough to find them, on one line.</summary>
internal static class Excerpt
{
    /// <summary>The text, or its beginning where it is long. Line breaks and other control characters are written as `\u000a`.</summary>
    public static string Of(ReadOnlySpan<char> text, int most = 100)
    {
        var cut = text.Length > most;
        if (cut) text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        var quoted = new StringBuilder(text.Length + 3);
        foreach (var c in text)
        {
            if (char.IsControl(c)) quoted.Append($"\\u{(int)c:x4}");
            else quoted.Append(c);
        }

        return (cut ? quoted.Append("...") : quoted).ToString();
    }
}
