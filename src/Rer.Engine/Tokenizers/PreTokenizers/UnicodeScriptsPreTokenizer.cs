using Rer.Engine.Tokenizers.Unicode;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Cuts where the script changes; Japanese syllabaries count as Han. Spaces belong to what stands before them.</summary>
internal sealed class UnicodeScriptsPreTokenizer : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output)
    {
        var start = -1;
        string? current = null;
        for (var at = 0; at < part.Length;)
        {
            var script = Script(CodePoint.At(part.Span, at, out var length));
            if (script is not null && script != current)
            {
                if (start >= 0) output.Add(part.Slice(start, at));
                (start, current) = (at, script);
            }
            at += length;
        }
        if (start >= 0) output.Add(part.Slice(start, part.Length));
    }

    private static string? Script(int c)
    {
        // The prolonged sound mark is common to both syllabaries.
        if (c == 0x30FC) return "han";
        if (c == ' ') return null;
        var script = CodePointRanges.ScriptOf(c);
        return script is "hiragana" or "katakana" ? "han" : script;
    }
}
