using System.Text;
using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.Normalizers;

/// <summary>Maps each code point by itself: to another, to a few, or to nothing.</summary>
/// <param name="map">
/// What a code point becomes: null where it stays. The text it is replaced with may be empty.
/// </param>
internal sealed class MapNormalizer(Func<int, string?> map) : INormalizer
{
    private readonly string?[] _ascii = Enumerable.Range(0, 128).Select(map).ToArray();

    /// <summary>Lower case, by the full mapping of each code point for itself: a final sigma is no exception.</summary>
    public static MapNormalizer Lowercase { get; } = new(c =>
    {
        if (c == 0x130) return "i\u0307";
        if (!Rune.IsValid(c)) return null;
        var lower = Rune.ToLowerInvariant(new Rune(c));
        return lower.Value == c ? null : lower.ToString();
    });

    /// <summary>Drops all marks.</summary>
    public static MapNormalizer StripAccents { get; } = new(c => CodePointRanges.Mark.Contains(c) ? "" : null);

    /// <summary>Drops the non-spacing marks.</summary>
    public static MapNormalizer StripNonSpacingMarks { get; } = new(c => CodePointRanges.NonSpacingMark.Contains(c) ? "" : null);

    /// <summary>What SentencePiece's "nmt" rules do before NFKC: controls go, unusual spaces become plain ones.</summary>
    public static MapNormalizer Nmt { get; } = new(c => c switch
    {
        0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => " ",
        (>= 0x01 and <= 0x1F) or 0x7F or 0x8F or 0x9F => "",
        _ => null,
    });

    /// <inheritdoc/>
    public string Normalize(string text, NormalLength bound)
    {
        StringBuilder? mapped = null;
        for (var at = 0; at < text.Length;)
        {
            var codePoint = CodePoint.At(text, at, out var length);
            var replacement = codePoint < 128 ? _ascii[codePoint] : map(codePoint);
            if (replacement is not null && mapped is null) mapped = new StringBuilder(text.Length + 8).Append(text, 0, at);
            if (replacement is null) mapped?.Append(text, at, length);
            else mapped!.Append(replacement);
            at += length;
        }
        return mapped?.ToString() ?? text;
    }

    /// <inheritdoc/>
    public bool DropsOpening(string text, NormalLength bound) => text.Length > 0 && map(CodePoint.At(text, 0, out _)) is { Length: 0 };
}
