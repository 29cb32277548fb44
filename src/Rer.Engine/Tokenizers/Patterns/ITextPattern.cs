namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Something that can be looked for in a text.</summary>
internal interface ITextPattern
{
    /// <summary>The first match that starts at <paramref name="from"/> or later.</summary>
    bool Find(ReadOnlySpan<char> text, int from, out int start, out int end);
}
