using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Brings the text into a Unicode normal form.</summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound) => form.Normalize(text);
}
