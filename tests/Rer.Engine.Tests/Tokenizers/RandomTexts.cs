using System.Text;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>Texts of every script, drawn from a seed: words, marks, emoji, white space, and at times one very long word.</summary>
internal sealed class RandomTexts(int seed)
{
    /// <summary>First and last code point of what a word's characters are drawn from.</summary>
    private static readonly (int First, int Last)[] _scripts =
    [
        ('a', 'z'), ('A', 'Z'), ('0', '9'), ('!', '/'), (0xA1, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF),
        (0x531, 0x58A), (0x5D0, 0x5EA), (0x621, 0x64A), (0x905, 0x94D), (0x985, 0x9B9), (0xB85, 0xBCD), (0xE01, 0xE3A), (0xF40, 0xF69),
        (0x10D0, 0x10F0), (0x1200, 0x1248), (0x1780, 0x17B3), (0x1E00, 0x1EFF), (0x2010, 0x2044), (0x20A0, 0x20BF), (0x2190, 0x21FF),
        (0x2500, 0x257F), (0x2581, 0x2581), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFA6D),
        (0xFF01, 0xFF5E), (0x10330, 0x1034A), (0x1D400, 0x1D433), (0x1F300, 0x1F5FF), (0x1F600, 0x1F64F), (0x1F900, 0x1F9FF),
    ];

    private static readonly string[] _spaces = [" ", " ", " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\u00A0", "\u3000", "   ", ""];

    private static readonly string[] _pieces =
        ["the", " and", "'s", "'ll", "don't", "...", "####", "=====", "\u200D", "\uFE0F", "<s>", "</s>", "é", "e\u0301", "1234567", "ﬁ",
            "ß", "İ"];

    private readonly Random _random = new(seed);

    /// <summary>The next text.</summary>
    public string Next()
    {
        var text = new StringBuilder();
        for (var words = _random.Next(1, 12); words > 0; words--)
        {
            if (_random.Next(4) == 0) text.Append(_pieces[_random.Next(_pieces.Length)]);
            else Word(text, _random.Next(400) == 0 ? _random.Next(1_500, 3_500) : _random.Next(1, 14));
            text.Append(_spaces[_random.Next(_spaces.Length)]);
        }

        return text.ToString();
    }

    private void Word(StringBuilder text, int length)
    {
        var (first, last) = _scripts[_random.Next(_scripts.Length)];
        for (var i = 0; i < length; i++) text.Append(new Rune(_random.Next(first, last + 1)).ToString());
    }
}
