using System.Text;
using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Puts a fixed text in the place of every match of a pattern.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content, string place) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound)
    {
        StringBuilder? replaced = null;
        var copied = 0;
        foreach (var match in new PatternMatches(pattern, text))
        {
            replaced ??= new StringBuilder(text.Length);
            bound.Check((long)replaced.Length + (match.Start - copied) + content.Length, place);
            replaced.Append(text, copied, match.Start - copied).Append(content);
            copied = match.End;
        }
        return replaced is null ? text : replaced.Append(text, copied, text.Length - copied).ToString();
    }

    /// <inheritdoc/>
    public bool DropsOpening(string text, NormalLength bound)
    {
        var budget = new MatchBudget(text.Length);
        return content.Length == 0 && pattern.Find(text, 0, ref budget, out var start, out var end) && start == 0 && end > 0;
    }
}
