namespace Rer.Engine.Tokenizers.AddedTokens;

/// <summary>A token that is looked for in the text itself, before the subword model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
/// <param name="SingleWord">Count it only where no word character touches it.</param>
/// <param name="StripsLeft">Swallow the white space before it.</param>
/// <param name="StripsRight">Swallow the white space after it.</param>
/// <param name="Normalized">Look for its normal form in the normalised text, instead of for its content in the text as given.</param>
/// <param name="Special">Leave it out when special tokens are skipped.</param>
internal sealed record AddedToken(
    int Id,
    string Content,
    bool SingleWord = false,
    bool StripsLeft = false,
    bool StripsRight = false,
    bool Normalized = false,
    bool Special = true);
