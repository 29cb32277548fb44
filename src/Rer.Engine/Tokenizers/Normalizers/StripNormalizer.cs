namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound) => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    /// <inheritdoc/>
    public bool DropsOpening(string text, NormalLength bound) => left && text.Length > 0 && char.IsWhiteSpace(text[0]);
}
