namespace Rer.Engine.Evaluation.TextOverlap;

/// <summary>A run of words within a text; words are numbers of a vocabulary.</summary>
internal readonly struct NGram(int[] words, int start, int length) : IEquatable<NGram>
{
    private readonly int[] _words = words;
    private readonly int _start = start;
    private readonly int _length = length;

    private ReadOnlySpan<int> Words => _words.AsSpan(_start, _length);

    public bool Equals(NGram other) => Words.SequenceEqual(other.Words);

    public override bool Equals(object? obj) => obj is NGram other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in Words) hash.Add(word);
        return hash.ToHashCode();
    }
}
