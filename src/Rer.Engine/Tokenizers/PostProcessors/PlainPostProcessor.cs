namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>One text after the other, without special tokens: also <c>ByteLevel</c>, which only touches offsets.</summary>
internal sealed class PlainPostProcessor : IPostProcessor
{
    /// <inheritdoc/>
    public void Process(IReadOnlyList<int> first, IReadOnlyList<int>? second, bool addSpecialTokens, EncodedSequence output)
    {
        output.AddText(first, 0);
        if (second is not null) output.AddText(second, 1);
    }
}
