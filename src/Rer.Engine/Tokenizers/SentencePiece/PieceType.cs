namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>What a piece is for; the numbers are those of the file.</summary>
internal enum PieceType
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text that no piece covers.</summary>
    Unknown = 2,

    /// <summary>Never written in text: begin, end, padding.</summary>
    Control = 3,

    /// <summary>A piece that is always taken whole.</summary>
    UserDefined = 4,

    /// <summary>A piece that must not appear.</summary>
    Unused = 5,

    /// <summary>One byte.</summary>
    Byte = 6,
}
