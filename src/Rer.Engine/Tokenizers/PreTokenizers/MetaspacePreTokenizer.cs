using Rer.Engine.Tokenizers.Patterns;

namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Writes spaces as a visible character, puts one before the text, and begins a part at each.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, PrependScheme prepend, bool split) : IPreTokenizer
{
    private readonly LiteralPattern _delimiter = new(replacement);

    /// <inheritdoc/>
    public bool MindsOpening => prepend == PrependScheme.First;

    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output)
    {
        var text = part.ToString().Replace(" ", replacement, StringComparison.Ordinal);
        var wanted = prepend == PrependScheme.Always || prepend == PrependScheme.First && part.OpensText;
        if (wanted && !text.StartsWith(replacement, StringComparison.Ordinal)) text = replacement + text;
        var changed = new TextPart(text, part.OpensText);
        if (split) PartSplitter.Split(changed, _delimiter, SplitBehavior.MergedWithNext, false, output);
        else if (text.Length > 0) output.Add(changed);
    }
}

/// <summary>Before which parts a space is put.</summary>
internal enum PrependScheme
{
    /// <summary>Before every part.</summary>
    Always,

    /// <summary>Before the part that the text begins with.</summary>
    First,

    /// <summary>Before none.</summary>
    Never,
}
