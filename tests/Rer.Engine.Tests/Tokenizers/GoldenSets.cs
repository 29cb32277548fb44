using System.Text.Json;
using Rer.Engine.Tokenizers;
using Rer.Engine.Tokenizers.SentencePiece;

namespace Rer.Engine.Tests.Tokenizers;

/// <summary>The outputs of the reference tokenizers: one file a tokenizer and kind of check, one JSON object a line.</summary>
internal static class GoldenSets
{
    private static readonly Dictionary<string, ITokenizer> Loaded = [];

    /// <summary>Names of the sets of a kind; one name that says so where the fixtures are not there.</summary>
    public static IEnumerable<object[]> Names(string ending) => Fixtures.WhyNot is not null
        ? [["none"]]
        : Directory.GetFiles(Fixtures.File("tokenizers", "golden"), "*" + ending)
            .Select(file => Path.GetFileName(file)[..^ending.Length])
            .Where(name => Path.GetExtension(name) is not (".decode" or ".pairs"))
            .Order()
            .Select(name => new object[] { name });

    /// <summary>The rows of a set. Lines end at \n alone: texts hold other line ends as they are.</summary>
    public static IReadOnlyList<JsonElement> Rows(string name, string ending) =>
        File.ReadAllText(Fixtures.File("tokenizers", "golden", name + ending))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();

    /// <summary>The tokenizer of a set.</summary>
    public static ITokenizer Tokenizer(string name)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(name, out var tokenizer)) Loaded[name] = tokenizer = Load(name);
            return tokenizer;
        }
    }

    /// <summary>The SentencePiece model of a set, with the special tokens that are asked for.</summary>
    public static SentencePieceTokenizer SentencePiece(string name, bool addBos, bool addEos) => new(
        SentencePieceFile.Read(Fixtures.File("tokenizers", name[..^".model".Length], "tokenizer.model")),
        new SentencePieceOptions(addBos, addEos));

    private static ITokenizer Load(string name)
    {
        if (name.EndsWith(".model", StringComparison.Ordinal)) return SentencePiece(name, true, false);
        return TokenizerLoader.Load(name.EndsWith("-hf", StringComparison.Ordinal)
            ? Fixtures.File("models", name[..^"-hf".Length])
            : Fixtures.File("tokenizers", name));
    }
}
