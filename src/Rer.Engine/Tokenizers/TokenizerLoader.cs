using Rer.Engine.Tokenizers.Json;

namespace Rer.Engine.Tokenizers;

/// <summary>Opens the tokenizer of a model folder.</summary>
public static class TokenizerLoader
{
    /// <summary>The tokenizer of <paramref name="folder"/>.</summary>
    /// <param name="folder">A folder with tokenizer.json, tokenizer.model, vocab.json and merges.txt, or vocab.txt.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or uses something that is not supported.</exception>
    public static ITokenizer Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: there is no such folder.");
        var special = SpecialTokens.None;
        var json = Path.Combine(folder, "tokenizer.json");
        return new PipelineTokenizer(TokenizerJsonReader.Read(json, []), special);
    }
}
