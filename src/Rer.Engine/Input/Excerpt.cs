namespace Rer.Engine.Input;

/// <summary>What messages quote of names and values that others wrote: enough to find them.</summary>
internal static class Excerpt
{
    /// <summary>The text, or its beginning where it is long.</summary>
    public static string Of(string text, int most = 100) => text.Length <= most ? text : $"{text[..most]}...";
}
