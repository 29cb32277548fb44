using System.Globalization;
using System.Text;
using Rer.Engine.Tokenizers.SentencePiece;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>SentencePiece's character map as Hugging Face's tokenizers apply it: to short graphemes whole, else to code points.</summary>
/// <remarks>It takes the shortest key that fits, where SentencePiece takes the longest.</remarks>
internal sealed class PrecompiledNormalizer(CharacterMap map, string place) : INormalizer
{
    private const int LongestGrapheme = 5;

    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound)
    {
        var normal = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[3 * LongestGrapheme];
        for (var at = 0; at < text.Length;)
        {
            var grapheme = text.AsSpan(at, StringInfo.GetNextTextElementLength(text, at));
            at += grapheme.Length;
            if (grapheme.Length <= LongestGrapheme && TryMap(grapheme, bytes, normal, bound)) continue;
            for (var i = 0; i < grapheme.Length;)
            {
                CodePoint.At(grapheme, i, out var length);
                var character = grapheme.Slice(i, length);
                if (!TryMap(character, bytes, normal, bound)) normal.Append(character);
                i += length;
            }
        }
        return normal.ToString();
    }

    private bool TryMap(ReadOnlySpan<char> characters, Span<byte> bytes, StringBuilder normal, NormalLength bound)
    {
        var count = Encoding.UTF8.GetBytes(characters, bytes);
        if (count > LongestGrapheme || map.Shortest(bytes[..count], out var replacement) == 0) return false;
        bound.Check((long)normal.Length + replacement.Length, place);
        normal.Append(Encoding.UTF8.GetString(replacement));
        return true;
    }
}
