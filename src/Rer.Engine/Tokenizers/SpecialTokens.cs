namespace Rer.Engine.Tokenizers;

/// <summary>The special tokens that generation and padding need.</summary>
internal sealed record SpecialTokens(SpecialToken Bos, SpecialToken Eos, SpecialToken Pad)
{
    /// <summary>No special token is known.</summary>
    public static SpecialTokens None { get; } = new(default, default, default);
}
