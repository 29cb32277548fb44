using System.Text;
using Rer.Engine.Tokenizers.Normalizers;

namespace Rer.Engine.Tokenizers.SentencePiece;

/// <summary>The normalisation of a SentencePiece model: its character map, its treatment of spaces, its dummy prefix.</summary>
/// <remarks>As normalizer.cc of SentencePiece 0.1.97 does it.</remarks>
internal sealed class SentencePieceNormalizer
{
    private const byte Space = (byte)' ';

    private static readonly byte[] Marker = "\u2581"u8.ToArray();

    private readonly SentencePieceFile _model;
    private readonly CharacterMap? _map;
    private readonly PieceTrie _userDefined;
    private readonly string _place;

    /// <summary>The normalisation that <paramref name="model"/> describes; user-defined pieces are left as they are.</summary>
    /// <exception cref="InvalidDataException">The model's character map is broken.</exception>
    public SentencePieceNormalizer(SentencePieceFile model, PieceTrie userDefined)
    {
        _model = model;
        _userDefined = userDefined;
        _place = $"{model.File}, the normalisation's character map";
        try
        {
            _map = model.CharacterMap.Length == 0 ? null : new CharacterMap(model.CharacterMap);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{model.File}: {e.Message}.", e);
        }
    }

    /// <summary>The text as the model's pieces are written.</summary>
    /// <param name="text">Any valid Unicode.</param>
    /// <param name="opensText">Whether the model's dummy prefix, if it has one, belongs before this text.</param>
    /// <exception cref="InvalidDataException">The character map makes too much of it.</exception>
    public string Normalize(string text, bool opensText = true)
    {
        var input = (ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(text);
        if (_model.RemoveExtraWhitespaces)
            while (Next(input, out var head) is var used and > 0 && head.SequenceEqual(" "u8)) input = input[used..];
        if (input.IsEmpty) return "";

        var bound = new NormalLength(input.Length);
        var output = new List<byte>(input.Length * 2);
        var dummyPrefix = _model.AddDummyPrefix && opensText;
        if (dummyPrefix && !_model.SpaceIsSuffix) AddSpace(output);
        var afterSpace = _model.RemoveExtraWhitespaces;
        while (Next(input, out var chunk) is var used and > 0)
        {
            input = input[used..];
            if (afterSpace) chunk = chunk.TrimStart(Space);
            bound.Check((long)output.Count + chunk.Length, _place);
            foreach (var b in chunk)
            {
                if (b == Space) AddSpace(output);
                else output.Add(b);
            }
            if (chunk.Length > 0) afterSpace = _model.RemoveExtraWhitespaces && chunk[^1] == Space;
        }
        if (_model.RemoveExtraWhitespaces) TrimEnd(output);
        if (dummyPrefix && _model.SpaceIsSuffix) AddSpace(output);
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(output));
    }

    /// <summary>Normalises what the input begins with: a user-defined piece, a key of the map, or one character.</summary>
    /// <returns>How many bytes that is; 0 at the end.</returns>
    private int Next(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> normal)
    {
        normal = default;
        if (input.IsEmpty) return 0;
        if (UserDefined(input) is var piece and > 0)
        {
            normal = input[..piece];
            return piece;
        }
        if (_map is not null && _map.Longest(input, out normal) is var key and > 0) return key;
        Rune.DecodeFromUtf8(input, out _, out var length);
        normal = input[..length];
        return length;
    }

    private int UserDefined(ReadOnlySpan<byte> input)
    {
        var (longest, at, node) = (0, 0, PieceTrie.Root);
        Span<char> characters = stackalloc char[2];
        while (at < input.Length)
        {
            Rune.DecodeFromUtf8(input[at..], out var rune, out var length);
            at += length;
            foreach (var c in characters[..rune.EncodeToUtf16(characters)])
                if (!_userDefined.Step(ref node, c)) return longest;
            if (_userDefined.Value(node) != PieceTrie.NoValue) longest = at;
        }
        return longest;
    }

    private void AddSpace(List<byte> output)
    {
        if (_model.EscapeWhitespaces) output.AddRange(Marker);
        else output.Add(Space);
    }

    private void TrimEnd(List<byte> output)
    {
        ReadOnlySpan<byte> space = _model.EscapeWhitespaces ? Marker : " "u8;
        var end = output.Count;
        while (System.Runtime.InteropServices.CollectionsMarshal.AsSpan(output)[..end].EndsWith(space)) end -= space.Length;
        output.RemoveRange(end, output.Count - end);
    }
}
