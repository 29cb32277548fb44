namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>A whole word is one token.</summary>
internal sealed class WordLevelModel : ISubwordModel
{
    private readonly int? _unknownId;

    /// <summary>A model that gives <paramref name="unknownToken"/> for words outside the vocabulary.</summary>
    public WordLevelModel(Vocabulary vocabulary, string unknownToken)
    {
        Vocabulary = vocabulary;
        _unknownId = vocabulary.IdOf(unknownToken);
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The word is unknown, and so is the unknown token.</exception>
    public void Tokenize(ReadOnlySpan<char> word, TokenList output)
    {
        if (Vocabulary.TryGetId(word, out var id)) output.Add(id);
        else output.Add(_unknownId ?? throw new InvalidDataException(
            $"The word '{(word.Length > 60 ? word[..60].ToString() + "..." : word.ToString())}' is not in the vocabulary, and neither is the tokenizer's unk_token."));
    }
}
