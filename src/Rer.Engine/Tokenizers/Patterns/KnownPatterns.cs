namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>Regular expressions so frequent in published files that they have a handwritten equal.</summary>
internal static class KnownPatterns
{
    /// <summary>The handwritten equal of <paramref name="regex"/>, or null.</summary>
    public static ITextPattern? Find(string regex) => regex switch
    {
        Gpt2Pattern.Text => new Gpt2Pattern(),
        Llama3Pattern.Text => new Llama3Pattern(3),
        Llama3Pattern.SingleDigitText => new Llama3Pattern(1),
        _ => null,
    };
}
