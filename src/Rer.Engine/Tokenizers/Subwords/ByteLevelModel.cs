namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>A model whose tokens are written in the <see cref="ByteAlphabet"/>, given words of plain text.</summary>
internal sealed class ByteLevelModel(ISubwordModel model) : ISubwordModel
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => model.Vocabulary;

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output) => model.Tokenize(ByteAlphabet.Encode(word), output);
}
