using System.Text.Json;
using Rer.Engine.Tokenizers.AddedTokens;

namespace Rer.Engine.Tokenizers.Json;

/// <summary>What the configuration files of a model folder say of its tokenizer.</summary>
internal sealed class TokenizerFolder : IDisposable
{
    private readonly List<JsonDocument> _documents = [];

    /// <summary>Reads the configuration files of <paramref name="path"/>, as many as there are.</summary>
    /// <exception cref="InvalidDataException">One of them is not JSON.</exception>
    public TokenizerFolder(string path)
    {
        Path = path;
        Tokenizer = Read("tokenizer_config.json");
        SpecialTokensMap = Read("special_tokens_map.json");
        Generation = Read("generation_config.json");
        Model = Read("config.json");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary><c>tokenizer_config.json</c>.</summary>
    public ConfigElement Tokenizer { get; }

    /// <summary><c>special_tokens_map.json</c>.</summary>
    public ConfigElement SpecialTokensMap { get; }

    /// <summary><c>generation_config.json</c>.</summary>
    public ConfigElement Generation { get; }

    /// <summary><c>config.json</c>.</summary>
    public ConfigElement Model { get; }

    /// <summary>The class that transformers reads the tokenizer with, without "Fast"; null where the folder does not say.</summary>
    public string? TokenizerClass => Tokenizer["tokenizer_class"].TextOr(null) is not { } name ? null
        : name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^"Fast".Length] : name;

    /// <summary>The special tokens.</summary>
    public SpecialTokens SpecialTokens() => new(Special("bos"), Special("eos"), Special("pad"));

    /// <summary>How a special token such as <c>unk_token</c> is written, or null.</summary>
    public string? Content(string name) => Content(Tokenizer[name]) ?? Content(SpecialTokensMap[name]);

    /// <summary>The tokens that <c>tokenizer_config.json</c> and <c>added_tokens.json</c> add.</summary>
    public List<AddedToken> AddedTokens()
    {
        var tokens = new List<AddedToken>();
        if (!Tokenizer["added_tokens_decoder"].IsNull)
        {
            tokens.AddRange(Tokenizer["added_tokens_decoder"].Properties().Select(token => AddedTokenReader.Read(
                token.Value, int.TryParse(token.Name, out var id) && id is >= 0 and < ConfigElement.IdLimit ? id
                    : throw token.Value.Broken($"the name must be an id from 0 to {ConfigElement.IdLimit - 1:N0}"))));
        }
        var added = Read("added_tokens.json");
        if (added.IsNull) return tokens;
        var known = tokens.Select(token => token.Content).ToHashSet();
        tokens.AddRange(added.Properties().Where(token => known.Add(token.Name))
            .Select(token => new AddedToken(token.Value.Id(), token.Name, Special: false)));
        return tokens;
    }

    /// <summary>The path of the first of <paramref name="names"/> that is in the folder, or null.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (File.Exists(System.IO.Path.Combine(Path, name))) return System.IO.Path.Combine(Path, name);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var document in _documents) document.Dispose();
    }

    private ConfigElement Read(string name)
    {
        if (Find(name) is not { } file) return default;
        var document = ConfigElement.Read(file);
        _documents.Add(document);
        var root = ConfigElement.Root(document, file);
        return root.IsObject ? root : throw root.Wrong("an object");
    }

    private SpecialToken Special(string name)
    {
        var content = Content($"{name}_token");
        if (content is not null) return new SpecialToken(content, Id(name));
        // A token that the tokenizer's own files set to null is one that it does not have, whatever the model's files say.
        var denied = Tokenizer.Has($"{name}_token") || SpecialTokensMap.Has($"{name}_token");
        return new SpecialToken(null, denied ? null : Id(name));
    }

    private static string? Content(ConfigElement token) => token.IsObject ? token["content"].Text() : token.TextOr(null);

    private int? Id(string name) => Id(Generation[$"{name}_token_id"]) ?? Id(Model[$"{name}_token_id"]);

    /// <summary>An id; of several the first.</summary>
    private static int? Id(ConfigElement id)
    {
        if (id.IsArray) id = id.Items().FirstOrDefault();
        // Some configurations write "none" as -1.
        return id.IsNumber && id.Real() >= 0 ? id.Number() : null;
    }
}
