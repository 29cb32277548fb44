namespace Rer.Engine.Tokenizers;

/// <summary>What a folder's files say of one special token: how it is written, and its id.</summary>
/// <param name="Content">Its literal form, from tokenizer_config.json or special_tokens_map.json.</param>
/// <param name="Id">Its id, from generation_config.json or config.json.</param>
internal readonly record struct SpecialToken(string? Content, int? Id)
{
    /// <summary>The token's id: that of its literal form where the tokenizer knows it, else the one the model's files give.</summary>
    public int? Resolve(Func<string, int?> idOf) => Content is null ? Id : idOf(Content) ?? Id;
}
