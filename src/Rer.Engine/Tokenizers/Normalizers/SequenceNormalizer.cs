namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>One normalizer after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> normalizers) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        foreach (var normalizer in normalizers) text = normalizer.Normalize(text);
        return text;
    }

    /// <inheritdoc/>
    public bool DropsOpening(string text)
    {
        foreach (var normalizer in normalizers)
        {
            if (normalizer.DropsOpening(text)) return true;
            text = normalizer.Normalize(text);
        }
        return false;
    }
}
