namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>A model that is given a text in the words of <see cref="MarkedWords"/>.</summary>
internal sealed class MarkedWordsModel(ISubwordModel model) : ISubwordModel
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => model.Vocabulary;

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        for (var start = 0; start < word.Length;)
        {
            var end = MarkedWords.End(word, start);
            model.Tokenize(word[start..end], output);
            start = end;
        }
    }
}
