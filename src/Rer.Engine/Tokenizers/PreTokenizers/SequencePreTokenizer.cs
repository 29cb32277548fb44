namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Each pre-tokenizer splits the parts that the one before it made.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    /// <summary>The pre-tokenizers, in order.</summary>
    public IReadOnlyList<IPreTokenizer> Steps => steps;

    /// <inheritdoc/>
    public bool MindsOpening => steps.Any(step => step.MindsOpening);

    /// <inheritdoc/>
    public void Split(TextPart part, List<TextPart> output)
    {
        if (steps.Count == 1)
        {
            steps[0].Split(part, output);
            return;
        }
        var parts = new List<TextPart> { part };
        for (var i = 0; i < steps.Count; i++)
        {
            var finer = i == steps.Count - 1 ? output : new List<TextPart>(parts.Count);
            foreach (var coarse in parts) steps[i].Split(coarse, finer);
            parts = finer;
        }
        if (steps.Count == 0) output.Add(part);
    }
}
