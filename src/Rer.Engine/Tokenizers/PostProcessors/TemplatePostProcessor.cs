namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>Arranges texts and special tokens by a template for one text and one for a pair.</summary>
internal sealed class TemplatePostProcessor(
    IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair) : IPostProcessor
{
    /// <summary>BERT's arrangement: <c>cls A sep</c>, or <c>cls A sep B sep</c> with B and its end in segment 1.</summary>
    public static TemplatePostProcessor Bert(int cls, int sep)
    {
        TemplatePiece[] single = [new([cls], false, 0), new(null, false, 0), new([sep], false, 0)];
        return new TemplatePostProcessor(single, [.. single, new(null, true, 1), new([sep], false, 1)]);
    }

    /// <inheritdoc/>
    public void Process(IReadOnlyList<int> first, IReadOnlyList<int>? second, bool addSpecialTokens, EncodedSequence output)
    {
        foreach (var piece in second is null ? single : pair)
        {
            if (piece.Special is null) output.AddText(piece.IsSecond ? second ?? [] : first, piece.TypeId);
            else if (addSpecialTokens) foreach (var id in piece.Special) output.AddSpecial(id, piece.TypeId);
        }
    }
}

/// <summary>One piece of a template: a text, or special tokens.</summary>
/// <param name="Special">The ids of a special token; null for a text.</param>
/// <param name="IsSecond">Whether the text is the second of a pair.</param>
/// <param name="TypeId">The segment.</param>
internal sealed record TemplatePiece(IReadOnlyList<int>? Special, bool IsSecond, int TypeId);
