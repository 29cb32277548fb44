using System.Buffers.Binary;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>
/// The compiled replacements of a SentencePiece normalisation (<c>precompiled_charsmap</c>): a double-array trie over UTF-8 bytes,
/// whose values are places in a block of zero-terminated replacements.
/// </summary>
/// <remarks>The array's layout is that of darts-clone, https://github.com/s-yata/darts-clone.</remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <summary>Reads a map.</summary>
    /// <exception cref="FormatException">The bytes are not a map.</exception>
    public CharacterMap(ReadOnlySpan<byte> map)
    {
        var size = map.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size % 4 != 0 || size == 0 || size >= (uint)(map.Length - 4))
            throw new FormatException("the precompiled character map is broken: its trie does not fit into it");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + 4 * i)..]);
        _replacements = map[(4 + (int)size)..].ToArray();
    }

    /// <summary>The replacement of the longest key that <paramref name="text"/> begins with.</summary>
    /// <returns>The key's length in bytes, or 0 where no key fits.</returns>
    public int Longest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement) => Find(text, false, out replacement);

    /// <summary>The replacement of the shortest key that <paramref name="text"/> begins with.</summary>
    /// <returns>The key's length in bytes, or 0 where no key fits.</returns>
    public int Shortest(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement) => Find(text, true, out replacement);

    private int Find(ReadOnlySpan<byte> text, bool shortest, out ReadOnlySpan<byte> replacement)
    {
        var (length, value) = (0, 0u);
        var node = Offset(_units[0]);
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length) break;
            var unit = _units[node];
            if ((unit & 0x800000FFu) != text[i]) break;
            node ^= Offset(unit);
            if ((unit >> 8 & 1) == 0 || node >= _units.Length) continue;
            (length, value) = (i + 1, _units[node] & 0x7FFFFFFFu);
            if (shortest) break;
        }
        replacement = length == 0 ? default : At((int)value);
        return length;
    }

    private ReadOnlySpan<byte> At(int place)
    {
        if (place >= _replacements.Length) return default;
        var rest = _replacements.AsSpan(place);
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
}
