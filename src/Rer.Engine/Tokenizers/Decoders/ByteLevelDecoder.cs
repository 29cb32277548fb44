using System.Runtime.InteropServices;
using System.Text;

namespace Rer.Engine.Tokenizers.Decoders;

/// <summary>Back from the <see cref="ByteAlphabet"/> to bytes and from them to text; broken UTF-8 shows as U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens) ByteAlphabet.Decode(token, bytes);
        return [Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes))];
    }
}
