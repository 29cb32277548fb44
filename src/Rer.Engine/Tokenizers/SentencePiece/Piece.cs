namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>One entry of a SentencePiece vocabulary; its id is its index.</summary>
/// <param name="Text">How it is written, with U+2581 for a space.</param>
/// <param name="Score">Log-probability (unigram), or minus the merge's rank (BPE).</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct Piece(string Text, float Score, PieceType Type);
