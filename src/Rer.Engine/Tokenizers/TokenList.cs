namespace Rer.Engine.Tokenizers;

/// <summary>Where an encoding gathers its tokens; literal forms only when they are asked for.</summary>
internal sealed class TokenList(Func<int, string?>? literalOf = null)
{
    private readonly List<string>? _literals = literalOf is null ? null : [];

    /// <summary>The ids so far.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>The literal forms so far; empty where they were not asked for.</summary>
    public IReadOnlyList<string> Literals => _literals ?? [];

    /// <summary>A token whose literal form is that of its id.</summary>
    public void Add(int id)
    {
        Ids.Add(id);
        _literals?.Add(literalOf!(id) ?? "");
    }

    /// <summary>A token that is known by how it is written in the text.</summary>
    public void Add(int id, ReadOnlySpan<char> literal)
    {
        Ids.Add(id);
        _literals?.Add(literal.ToString());
    }

    /// <summary>Several tokens, each with the literal form of its id.</summary>
    public void AddRange(ReadOnlySpan<int> ids)
    {
        if (_literals is null) Ids.AddRange(ids);
        else foreach (var id in ids) Add(id);
    }
}
