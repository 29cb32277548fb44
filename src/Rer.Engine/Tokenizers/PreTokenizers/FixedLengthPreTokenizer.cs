using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Cuts after every so many code points.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output)
    {
        var (start, at) = (0, 0);
        for (var count = 1; at < part.Length; count++)
        {
            CodePoint.At(part.Span, at, out var units);
            at += units;
            if (count % length != 0 && at < part.Length) continue;
            output.Add(part.Slice(start, at));
            start = at;
        }
    }
}
