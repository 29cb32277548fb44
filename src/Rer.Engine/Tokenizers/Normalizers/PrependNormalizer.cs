namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Puts a prefix before any text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix, string place) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound)
    {
        if (text.Length == 0) return text;
        bound.Check((long)prefix.Length + text.Length, place);
        return prefix + text;
    }
}
