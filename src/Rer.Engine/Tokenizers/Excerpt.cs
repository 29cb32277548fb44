namespace Rer.Engine.Tokenizers;

/// <summary>What a message shows of a file: the file decides how long its texts are.</summary>
internal static class Excerpt
{
    /// <summary>The beginning of a text, whole where it is short.</summary>
    public static string Of(ReadOnlySpan<char> text, int most = 60) => text.Length > most ? $"{text[..most]}..." : text.ToString();
}
