namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>A stretch of a text.</summary>
/// <param name="Source">The text it lies in.</param>
/// <param name="Start">Index of its first UTF-16 unit.</param>
/// <param name="Length">How many units it has.</param>
/// <param name="OpensText">Whether it is the beginning of what was given to the tokenizer: some prefixes are put only there.</param>
internal readonly record struct TextPart(string Source, int Start, int Length, bool OpensText)
{
    /// <summary>The whole of a text.</summary>
    public TextPart(string text, bool opensText) : this(text, 0, text.Length, opensText)
    {
    }

    /// <summary>The stretch's characters.</summary>
    public ReadOnlySpan<char> Span => Source.AsSpan(Start, Length);

    /// <summary>The stretch from <paramref name="start"/> to <paramref name="end"/>, both counted from this stretch's start.</summary>
    public TextPart Slice(int start, int end) => new(Source, Start + start, end - start, OpensText && start == 0);

    /// <inheritdoc/>
    public override string ToString() => Start == 0 && Length == Source.Length ? Source : Source.Substring(Start, Length);
}
