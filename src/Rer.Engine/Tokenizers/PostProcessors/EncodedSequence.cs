namespace Rer.Engine.Tokenizers.PostProcessors;

/// <summary>A sequence of tokens under construction.</summary>
internal sealed class EncodedSequence
{
    private readonly List<int> _ids = [];
    private readonly List<int> _typeIds = [];
    private readonly List<int> _special = [];

    /// <summary>The ids so far.</summary>
    public int[] Ids => _ids.ToArray();

    /// <summary>Appends tokens of a text.</summary>
    public void AddText(IReadOnlyList<int> ids, int typeId)
    {
        _ids.AddRange(ids);
        _typeIds.AddRange(Enumerable.Repeat(typeId, ids.Count));
        _special.AddRange(Enumerable.Repeat(0, ids.Count));
    }

    /// <summary>Appends a special token.</summary>
    public void AddSpecial(int id, int typeId)
    {
        _ids.Add(id);
        _typeIds.Add(typeId);
        _special.Add(1);
    }

    /// <summary>The finished sequence.</summary>
    public EncodedPair ToPair() => new(_ids.ToArray(), _typeIds.ToArray(), _special.ToArray());
}
