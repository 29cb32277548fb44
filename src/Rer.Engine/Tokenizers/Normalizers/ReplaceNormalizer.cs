using System.Text;
using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Puts a fixed text in the place of every match of a pattern.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        StringBuilder? replaced = null;
        var copied = 0;
        foreach (var match in new PatternMatches(pattern, text))
        {
            replaced ??= new StringBuilder(text.Length);
            replaced.Append(text, copied, match.Start - copied).Append(content);
            copied = match.End;
        }
        return replaced is null ? text : replaced.Append(text, copied, text.Length - copied).ToString();
    }

    /// <inheritdoc/>
    public bool DropsOpening(string text) =>
        content.Length == 0 && pattern.Find(text, 0, out var start, out var end) && start == 0 && end > 0;
}
