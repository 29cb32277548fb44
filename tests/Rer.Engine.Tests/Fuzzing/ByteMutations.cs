using System.Text;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>Ways to damage an input, as transfers, editors and attackers do.</summary>
internal static class ByteMutations
{
    /// <summary>Largest input that is made: what matters shows in small ones.</summary>
    private const int Largest = 200_000;

    /// <summary>Pieces that parsers of JSON stumble over.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "[]", "{}", "[", "{", "]", "}", ",", ":", "\"", "\\", "\"\\ud800\"", "\"\\u0000\"", "0", "-1", "1e999", "-0.0",
            "2147483648", "9223372036854775808",
        "1e-400", "NaN", "\"NaN\"", "\"Infinity\"", "\"a\":", "//", "\u00ff", "\n", "\r\n", "\uFEFF",
    ];

    /// <summary>Pieces that parsers of expressions and designs stumble over.</summary>
    public static readonly string[] Formula =
    [
        "(", ")", "*", "/", "+", "-", "^", ";", ":", ",", "..", ".", "0", "1e9", "words", "min(", "if(", "or ", "and ", "not", "OE:",
            "CE:", "LI", "RAR(0..2)", "RER", "=", "<=", " ",
        "\t", "\0", "é", "x",
    ];

    /// <summary>Pieces that parsers of tables stumble over.</summary>
    public static readonly string[] Table = ["\"", "\"\"", ",", "\t", "\n", "\r", "\r\n", "\n\n", "\0", ";", "\uFEFF", "é", " ", "sep=;\n",
        "#", "'"];

    /// <summary>A damaged copy: of bytes, and of the pieces that the format is made of.</summary>
    /// <param name="pieces">Pieces to put in.</param>
    public static Func<Random, byte[], byte[]> With(params string[] pieces)
    {
        var known = pieces.Select(Encoding.UTF8.GetBytes).ToArray();
        return (random, input) => Change(input, random, known);
    }

    private static byte[] Change(byte[] input, Random random, byte[][] pieces)
    {
        var at = random.Next(input.Length + 1);
        var length = Math.Min(input.Length - at, 1 + random.Next(random.Next(4) == 0 ? 200 : 8));
        switch (random.Next(9))
        {
            case 0 when input.Length > 0:
                var flipped = (byte[])input.Clone();
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1 when input.Length > 0:
                var set = (byte[])input.Clone();
                byte[] extremes = [0, 1, 0x7F, 0x80, 0xFF, (byte)random.Next(256)];
                set[random.Next(set.Length)] = extremes[random.Next(extremes.Length)];
                return set;
            case 2: return [.. input[..at], .. input[(at + length)..]];
            case 3: return input[..at];
            case 4: return Bounded([.. input[..at], .. input[at..(at + length)], .. input[at..]]);
            case 5 when pieces.Length > 0: return Bounded([.. input[..at], .. Piece(), .. input[at..]]);
            case 6 when pieces.Length > 0: return Bounded([.. input[..at], .. Piece(), .. input[(at + length)..]]);
            case 7:
                // Depth and repetition: the same thing a thousand times.
                var repeated = pieces.Length > 0 && random.Next(2) == 0 ? Piece() : input[at..(at + length)];
                return Bounded(
                    [.. input[..at], .. Enumerable.Repeat(repeated, 1 + random.Next(3000)).SelectMany(part => part), .. input[at..]]);
            default: return Bounded([.. input[..at], (byte)random.Next(256), .. input[at..]]);
        }

        byte[] Piece() => pieces[random.Next(pieces.Length)];
    }

    private static byte[] Bounded(byte[] input) => input.Length <= Largest ? input : input[..Largest];
}
