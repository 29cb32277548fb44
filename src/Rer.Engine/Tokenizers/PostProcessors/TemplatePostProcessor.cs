namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>Arranges texts and special tokens by a template for one text and one for a pair.</summary>
internal sealed class TemplatePostProcessor(
    IReadOnlyList<TemplatePiece> single, IReadOnlyList<TemplatePiece> pair) : IPostProcessor
{
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
