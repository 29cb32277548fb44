namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>Puts special tokens around an encoded text or pair, and tells the segments.</summary>
internal interface IPostProcessor
{
    /// <summary>Arranges one sequence (<paramref name="second"/> null) or two.</summary>
    void Process(IReadOnlyList<int> first, IReadOnlyList<int>? second, bool addSpecialTokens, EncodedSequence output);
}
