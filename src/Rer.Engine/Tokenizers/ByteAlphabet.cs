using System.Buffers;
using System.Text;

namespace Rer.Engine.Tokenizers;

/// <summary>
/// GPT-2's one-to-one map between bytes and visible characters, under which byte-level BPE works on text: printable Latin-1
/// bytes stand for themselves, the other 68 for U+0100 onwards.
/// </summary>
internal static class ByteAlphabet
{
    private const char NotMapped = '\uFFFF';

    private static readonly char[] Characters = BuildCharacters();
    private static readonly short[] Bytes = BuildBytes();

    /// <summary>The character that stands for a byte.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>The characters for the UTF-8 form of <paramref name="text"/>.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var buffer = size <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(size);
        var count = Encoding.UTF8.GetBytes(text, buffer);
        var encoded = string.Create(count, (ReadOnlySpan<byte>)buffer[..count], static (characters, bytes) =>
        {
            for (var i = 0; i < bytes.Length; i++) characters[i] = Characters[bytes[i]];
        });
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return encoded;
    }

    /// <summary>Adds the bytes that a token's characters stand for; a token with any other character is added as its own UTF-8.</summary>
    public static void Decode(string token, List<byte> output)
    {
        var start = output.Count;
        foreach (var c in token)
        {
            var value = c < Bytes.Length ? Bytes[c] : -1;
            if (value < 0)
            {
                output.RemoveRange(start, output.Count - start);
                output.AddRange(Encoding.UTF8.GetBytes(token));
                return;
            }
            output.Add((byte)value);
        }
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        Array.Fill(characters, NotMapped);
        for (var b = '!'; b <= '~'; b++) characters[b] = b;
        for (var b = '\u00A1'; b <= '\u00AC'; b++) characters[b] = b;
        for (var b = '\u00AE'; b <= '\u00FF'; b++) characters[b] = b;
        var next = '\u0100';
        for (var b = 0; b < 256; b++)
            if (characters[b] == NotMapped) characters[b] = next++;
        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[Characters.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++) bytes[Characters[b]] = (short)b;
        return bytes;
    }
}
