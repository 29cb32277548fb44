namespace Rer.Engine.Tokenizers.PreTokenizers;

/// <summary>Splits a text into the words that the subword model sees one at a time.</summary>
internal interface IPreTokenizer
{
    /// <summary>Adds the parts of <paramref name="part"/> to <paramref name="output"/>; empty parts are left out.</summary>
    void Split(TextPart part, List<TextPart> output);

    /// <summary>Whether a part that opens the text is treated otherwise than the rest.</summary>
    bool MindsOpening => false;
}
