namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>GPT-2's pre-tokenizer pattern (<see cref="Text"/>), written out by hand for speed.</summary>
internal sealed class Gpt2Pattern : ITextPattern
{
    /// <summary>The regular expression that this class equals.</summary>
    public const string Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end)
    {
        (start, end) = (from, from);
        if (from >= text.Length) return false;
        end = Contraction(text, from);
        if (end < 0) end = Word(text, from);
        if (end < 0) end = WordScan.Spaces(text, from);
        return true;
    }

    private static int Contraction(ReadOnlySpan<char> text, int at)
    {
        if (text[at] != '\'' || at + 1 >= text.Length) return -1;
        switch (text[at + 1])
        {
            case 's' or 't' or 'm' or 'd':
                return at + 2;
            case 'r' or 'v' when at + 2 < text.Length && text[at + 2] == 'e':
            case 'l' when at + 2 < text.Length && text[at + 2] == 'l':
                return at + 3;
            default:
                return -1;
        }
    }

    private static int Word(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == ' ')
        {
            at++;
            if (at >= text.Length) return -1;
        }
        var kind = CharacterClass.At(text, at, out _);
        return kind == CharacterClass.Space ? -1 : WordScan.Run(text, at, kind);
    }
}
