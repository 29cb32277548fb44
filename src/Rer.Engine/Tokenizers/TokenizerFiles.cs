namespace Rer.Engine.Tokenizers;

/// <summary>The files that make up a tokenizer in a model folder.</summary>
public static class TokenizerFiles
{
    private static readonly string[] Names =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model", "spiece.model",
        "sentencepiece.bpe.model", "vocab.json", "merges.txt", "vocab.txt",
    ];

    /// <summary>Copies a model folder's tokenizer into another, where a model made from it needs the same.</summary>
    public static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var name in Names.Where(name => File.Exists(Path.Combine(source, name))))
            File.Copy(Path.Combine(source, name), Path.Combine(target, name), overwrite: true);
    }
}
