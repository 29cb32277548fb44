namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Changes a text before it is split into words.</summary>
internal interface INormalizer
{
    /// <summary>The text in normal form.</summary>
    string Normalize(string text);

    /// <summary>Whether the text's first character goes without leaving anything in its place.</summary>
    /// <remarks>What then comes first did not open the text: a prefix that is put before the opening is not put before it.</remarks>
    bool DropsOpening(string text) => false;
}
