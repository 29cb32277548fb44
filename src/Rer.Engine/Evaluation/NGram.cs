namespace Rer.Engine.Evaluation;

/// <summary>A run of words within a text.</summary>
internal readonly struct NGram(IReadOnlyList<string> words, int start, int length) : IEquatable<NGram>
{
    private readonly IReadOnlyList<string> _words = words;
    private readonly int _start = start;
    private readonly int _length = length;

    public bool Equals(NGram other)
    {
        if (_length != other._length) return false;
        for (var i = 0; i < _length; i++)
            if (_words[_start + i] != other._words[other._start + i]) return false;
        return true;
    }

    public override bool Equals(object? obj) => obj is NGram other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < _length; i++) hash.Add(_words[_start + i]);
        return hash.ToHashCode();
    }
}
