namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>Splits one word into tokens of a vocabulary. Thread-safe.</summary>
internal interface ISubwordModel
{
    /// <summary>The tokens and their ids.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Adds the tokens of <paramref name="word"/> to <paramref name="output"/>.</summary>
    void Tokenize(ReadOnlySpan<char> word, TokenList output);
}
