namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>How a BPE model treats the characters of a word.</summary>
/// <param name="UnknownToken">Stands for a character that is not in the vocabulary; without one such characters vanish.</param>
/// <param name="ContinuingPrefix">Written before every character but a word's first.</param>
/// <param name="EndOfWordSuffix">Written after a word's last character.</param>
/// <param name="FuseUnknown">Neighbouring unknown characters give one unknown token.</param>
/// <param name="ByteFallback">Unknown characters are spelt in <c>&lt;0xNN&gt;</c> tokens where the vocabulary has them.</param>
/// <param name="IgnoreMerges">A word that is a token as it stands is that token, whatever the merges would make of it.</param>
internal sealed record BpeOptions(
    string? UnknownToken = null,
    string? ContinuingPrefix = null,
    string? EndOfWordSuffix = null,
    bool FuseUnknown = false,
    bool ByteFallback = false,
    bool IgnoreMerges = false);
