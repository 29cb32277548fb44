namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Changes a text before it is split into words.</summary>
internal interface INormalizer
{
    /// <summary>The text in normal form.</summary>
    string Normalize(string text);
}
