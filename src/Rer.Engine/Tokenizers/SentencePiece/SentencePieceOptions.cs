using Rer.Engine.Tokenizers.AddedTokens;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>What the other files of a folder say about a SentencePiece model.</summary>
/// <param name="AddBos">Whether the special tokens of a sequence include its beginning.</param>
/// <param name="AddEos">Whether they include its end.</param>
internal sealed record SentencePieceOptions(bool AddBos = true, bool AddEos = false)
{
    /// <summary>Tokens that are looked for in the text, before the model sees it. None by default.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>The special tokens; where they say nothing, the model's own control pieces count.</summary>
    public SpecialTokens Special { get; init; } = SpecialTokens.None;

    /// <summary>
    /// The dummy prefix goes before every stretch of text between added tokens (the default, and transformers' "legacy"), not only
    /// before the one that the text begins with.
    /// </summary>
    public bool PrefixEachStretch { get; init; } = true;
}
