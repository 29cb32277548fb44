namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary><c>cls A sep</c>, or <c>cls A sep sep B sep</c>; every segment is 0.</summary>
internal sealed class RobertaPostProcessor(int cls, int sep) : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(IReadOnlyList<int> first, IReadOnlyList<int>? second, bool addSpecialTokens, EncodedSequence output)
    {
        Add(cls, first);
        if (second is not null) Add(sep, second);

        void Add(int head, IReadOnlyList<int> ids)
        {
            if (addSpecialTokens) output.AddSpecial(head, 0);
            output.AddText(ids, 0);
            if (addSpecialTokens) output.AddSpecial(sep, 0);
        }
    }
}
