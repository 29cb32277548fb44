namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>One normalizer after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> normalizers, string place) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound)
    {
        foreach (var normalizer in normalizers)
        {
            text = normalizer.Normalize(text, bound);
            bound.Check(text.Length, place);
        }
        return text;
    }

    /// <inheritdoc/>
    public bool DropsOpening(string text, NormalLength bound)
    {
        foreach (var normalizer in normalizers)
        {
            if (normalizer.DropsOpening(text, bound)) return true;
            text = normalizer.Normalize(text, bound);
        }
        return false;
    }
}
