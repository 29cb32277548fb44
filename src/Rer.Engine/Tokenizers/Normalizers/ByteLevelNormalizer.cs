namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Writes the text in the <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound) => ByteAlphabet.Encode(text);
}
