using System.Text;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>Writes SentencePiece models of a few pieces.</summary>
internal static class SmallModel
{
    public const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6;

    private const int Unigram = 1, Bpe = 2;

    /// <summary>The bytes of a model with unknown, begin and end as pieces 0, 1 and 2, and <paramref name="pieces"/> after them.</summary>
    public static byte[] Write(
        bool bpe,
        IEnumerable<(string Text, float Score, int Type)> pieces,
        bool dummyPrefix = true,
        bool tidySpaces = true,
        bool byteFallback = false)
    {
        var model = new List<byte>();
        (string, float, int)[] first = [("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control)];
        foreach (var (text, score, type) in first.Concat(pieces))
            Message(model, 1, [.. String(1, text), .. Float(2, score), .. Number(3, type)]);
        Message(model, 2, [.. Number(3, bpe ? Bpe : Unigram), .. Number(35, byteFallback ? 1 : 0)]);
        Message(model, 3, [.. Number(3, dummyPrefix ? 1 : 0), .. Number(4, tidySpaces ? 1 : 0)]);
        return model.ToArray();
    }

    /// <summary>A field that gives a model a compiled character map; behind the fields of <see cref="Write"/>, whose other settings
    /// hold.</summary>
    public static byte[] Normalizer(byte[] map)
    {
        var (field, content) = (new List<byte>(), new List<byte>());
        Message(content, 2, map);
        Message(field, 3, [.. content]);
        return [.. field];
    }

    private static void Message(List<byte> output, int field, byte[] content)
    {
        output.AddRange(Varint(field << 3 | 2));
        output.AddRange(Varint(content.Length));
        output.AddRange(content);
    }

    private static byte[] String(int field, string text)
    {
        var output = new List<byte>();
        Message(output, field, Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }

    private static byte[] Float(int field, float value) => [.. Varint(field << 3 | 5), .. BitConverter.GetBytes(value)];

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Varint(int value)
    {
        var output = new List<byte>();
        for (; value >= 0x80; value >>= 7) output.Add((byte)(value | 0x80));
        output.Add((byte)value);
        return output.ToArray();
    }
}
