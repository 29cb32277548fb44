namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>Splits normalised text into pieces.</summary>
internal interface IPieceSegmenter
{
    /// <summary>Adds the pieces of <paramref name="text"/>; the unknown id stands for a character that no piece covers.</summary>
    void Segment(string text, List<(int Start, int End, int Id)> output);
}
