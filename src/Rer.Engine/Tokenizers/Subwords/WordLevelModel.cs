using Rer.Engine.Input;

namespace Rer.Engine.Tokenizers.Subwords;

/// <summary>A whole word is one token.</summary>
internal sealed class WordLevelModel : ISubwordModel
{
    private readonly int? _unknownId;
    private readonly string _place;

    /// <summary>A model that gives <paramref name="unknownToken"/> for words outside the vocabulary.</summary>
    /// <param name="vocabulary">The words.</param>
    /// <param name="unknownToken">Stands for all others.</param>
    /// <param name="place">Where the model stands, for messages.</param>
    public WordLevelModel(Vocabulary vocabulary, string unknownToken, string place)
    {
        _place = place;
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
            $"{_place}: the word '{Excerpt.Of(word)}' is not in the vocabulary, and neither is the unk_token."));
    }
}
