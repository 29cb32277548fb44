namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>The pre-tokenizer pattern of Llama 3 and of Qwen (<see cref="Text"/>), written out by hand for speed.</summary>
/// <param name="mostDigits">How many digits at most make one word: 3 in Llama 3, 1 in Qwen.</param>
internal sealed class Llama3Pattern(int mostDigits) : ITextPattern
{
    private const string Head = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Tail = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The regular expression with numbers of up to three digits.</summary>
    public const string Text = Head + @"\p{N}{1,3}" + Tail;

    /// <summary>The regular expression with every digit a word.</summary>
    public const string SingleDigitText = Head + @"\p{N}" + Tail;

    /// <inheritdoc/>
    public bool Find(ReadOnlySpan<char> text, int from, ref MatchBudget budget, out int start, out int end)
    {
        (start, end) = (from, from);
        if (from >= text.Length) return false;
        end = Contraction(text, from);
        if (end < 0) end = Letters(text, from);
        if (end < 0) end = Digits(text, from);
        if (end < 0) end = Symbols(text, from);
        if (end < 0) end = LineEnds(text, from);
        if (end < 0) end = WordScan.Spaces(text, from);
        return true;
    }

    private static int Contraction(ReadOnlySpan<char> text, int at)
    {
        if (text[at] != '\'' || at + 1 >= text.Length) return -1;
        var second = at + 2 < text.Length ? text[at + 2] | 0x20 : 0;
        switch (text[at + 1])
        {
            // The long s is an s when case is ignored.
            case 's' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D':
                return at + 2;
            case 'r' or 'R' or 'v' or 'V' when second == 'e':
            case 'l' or 'L' when second == 'l':
                return at + 3;
            default:
                return -1;
        }
    }

    private static int Letters(ReadOnlySpan<char> text, int at)
    {
        var kind = CharacterClass.At(text, at, out var length);
        if (kind == CharacterClass.Letter) return WordScan.Run(text, at, CharacterClass.Letter);
        if (kind == CharacterClass.Number || text[at] is '\r' or '\n') return -1;
        var next = at + length;
        if (next >= text.Length || CharacterClass.At(text, next, out _) != CharacterClass.Letter) return -1;
        return WordScan.Run(text, next, CharacterClass.Letter);
    }

    private int Digits(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        for (var i = 0; i < mostDigits && end < text.Length; i++)
        {
            if (CharacterClass.At(text, end, out var length) != CharacterClass.Number) break;
            end += length;
        }
        return end > at ? end : -1;
    }

    private static int Symbols(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == ' ') at++;
        var end = WordScan.Run(text, at, CharacterClass.Other);
        if (end == at) return -1;
        while (end < text.Length && text[end] is '\r' or '\n') end++;
        return end;
    }

    private static int LineEnds(ReadOnlySpan<char> text, int at)
    {
        var end = WordScan.Run(text, at, CharacterClass.Space);
        while (end > at && text[end - 1] is not ('\r' or '\n')) end--;
        return end > at ? end : -1;
    }
}
