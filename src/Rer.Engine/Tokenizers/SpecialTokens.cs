namespace Rer.Engine.Tokenizers;

/// <summary>The special tokens that generation and padding need.</summary>
internal sealed record SpecialTokens(SpecialToken Bos, SpecialToken Eos, SpecialToken Pad)
{
    /// <summary>No special token is known.</summary>
    public static SpecialTokens None { get; } = new(default, default, default);

    /// <summary>These tokens, and where the files say nothing of one, the literal form given here.</summary>
    public SpecialTokens OrElse(string? bos, string? eos, string? pad) =>
        new(OrElse(Bos, bos), OrElse(Eos, eos), OrElse(Pad, pad));

    private static SpecialToken OrElse(SpecialToken token, string? content) =>
        token == default ? new SpecialToken(content, null) : token;
}
