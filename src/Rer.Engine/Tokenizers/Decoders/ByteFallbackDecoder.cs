using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Reads runs of <c>&lt;0xNN&gt;</c> tokens as UTF-8; a run that is not valid gives one U+FFFD for each byte.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var pieces = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (var token in tokens)
        {
            if (TryByte(token, out var value))
            {
                run.Add(value);
                continue;
            }
            Flush(run, pieces);
            pieces.Add(token);
        }
        Flush(run, pieces);
        return pieces;
    }

    private static bool TryByte(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, null, out value);
    }

    private static void Flush(List<byte> run, List<string> pieces)
    {
        if (run.Count == 0) return;
        try
        {
            pieces.Add(Strict.GetString(CollectionsMarshal.AsSpan(run)));
        }
        catch (DecoderFallbackException)
        {
            pieces.AddRange(Enumerable.Repeat("\uFFFD", run.Count));
        }
        run.Clear();
    }
}
