using System.Text;
using Rer.Engine.Input;
using Rer.Engine.Tokenizers.Subwords;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>The contents of a SentencePiece <c>.model</c> file.</summary>
/// <remarks>Field numbers as in sentencepiece_model.proto of https://github.com/google/sentencepiece.</remarks>
internal sealed class SentencePieceFile
{
    /// <summary>A model may have this many pieces; the largest published ones have a million.</summary>
    public const int MostPieces = 2_000_000;

    private readonly List<Piece> _pieces = [];

    private SentencePieceFile(string file) => File = file;

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>The pieces, by id.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>How text is split: BPE (true) or unigram (false).</summary>
    public bool IsBpe { get; private set; }

    /// <summary>Unknown text is spelt in byte pieces.</summary>
    public bool ByteFallback { get; private set; }

    /// <summary>The space that marks a word goes after it instead of before.</summary>
    public bool SpaceIsSuffix { get; private set; }

    /// <summary>How an unknown piece reads in decoded text.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    /// <summary>How the beginning of a sequence is written.</summary>
    public string BosPiece { get; private set; } = "<s>";

    /// <summary>How the end of a sequence is written.</summary>
    public string EosPiece { get; private set; } = "</s>";

    /// <summary>How padding is written.</summary>
    public string PadPiece { get; private set; } = "<pad>";

    /// <summary>The compiled replacements of the normalisation; empty where text is left as it is.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>A space is put before the text.</summary>
    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>Spaces at both ends are dropped and runs of them become one.</summary>
    public bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>Spaces are written as U+2581.</summary>
    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Reads a model file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is broken, or of a kind that is not supported.</exception>
    public static SentencePieceFile Read(string file)
    {
        var bytes = TokenizerFile.ReadAllBytes(file);
        var model = new SentencePieceFile(file);
        try
        {
            model.ReadModel(bytes);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{file}: {FileKind.Describe(bytes)}, not a SentencePiece model ({e.Message}).", e);
        }
        if (model._pieces.Count == 0) throw new InvalidDataException($"{file}: {FileKind.Describe(bytes)}, there are no pieces in it.");
        return model;
    }

    private void ReadModel(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    if (_pieces.Count == MostPieces) throw new FormatException($"there are more than {MostPieces:N0} pieces");
                    _pieces.Add(ReadPiece(reader.Bytes(), _pieces.Count));
                    break;
                case 2: ReadTrainerSpec(reader.Bytes()); break;
                case 3: ReadNormalizerSpec(reader.Bytes()); break;
            }
        }
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> message, int id)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = Encoding.UTF8.GetString(reader.Bytes()); break;
                case 2: score = reader.Float(); break;
                case 3: type = (PieceType)reader.Int(); break;
            }
        }
        if (text.Length == 0) throw new FormatException($"piece {id} is empty");
        if (text.Length > Vocabulary.LongestToken)
            throw new FormatException($"piece {id} has {text.Length:N0} characters; a piece may have {Vocabulary.LongestToken:N0}");
        if (!float.IsFinite(score))
            throw new FormatException($"piece {id}, '{Excerpt.Of(text)}', has the score {score}, which is no number");
        return new Piece(text, score, type);
    }

    private void ReadTrainerSpec(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    IsBpe = reader.Int() switch
                    {
                        1 => false,
                        2 => true,
                        var type => throw new InvalidDataException(
                            $"{File}: the model type is {type}; 1 (unigram) and 2 (BPE) are supported."),
                    };
                    break;
                case 24: SpaceIsSuffix = reader.Bool(); break;
                case 35: ByteFallback = reader.Bool(); break;
                case 44: UnknownSurface = Encoding.UTF8.GetString(reader.Bytes()); break;
                case 46: BosPiece = Encoding.UTF8.GetString(reader.Bytes()); break;
                case 47: EosPiece = Encoding.UTF8.GetString(reader.Bytes()); break;
                case 48: PadPiece = Encoding.UTF8.GetString(reader.Bytes()); break;
            }
        }
    }

    private void ReadNormalizerSpec(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: CharacterMap = reader.Bytes().ToArray(); break;
                case 3: AddDummyPrefix = reader.Bool(); break;
                case 4: RemoveExtraWhitespaces = reader.Bool(); break;
                case 5: EscapeWhitespaces = reader.Bool(); break;
            }
        }
    }
}
