namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Changes a text before it is split into words.</summary>
internal interface INormalizer
{
    /// <summary>The text in normal form.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="bound">How long it may get.</param>
    /// <exception cref="InvalidDataException">It gets longer, or a pattern takes too many steps.</exception>
    string Normalize(string text, NormalLength bound);

    /// <summary>The text in normal form, where it alone sets the bound.</summary>
    string Normalize(string text) => Normalize(text, new NormalLength(text.Length));

    /// <summary>Whether the text's first character goes without leaving anything in its place.</summary>
    /// <remarks>What then comes first did not open the text: a prefix that is put before the opening is not put before it.</remarks>
    bool DropsOpening(string text, NormalLength bound) => false;
}
