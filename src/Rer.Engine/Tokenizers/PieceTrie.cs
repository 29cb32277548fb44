namespace Rer.Engine.Tokenizers;

/// <summary>Strings by their prefixes. A node is a number; <see cref="Root"/> is the empty prefix.</summary>
internal sealed class PieceTrie
{
    /// <summary>The node of the empty prefix.</summary>
    public const int Root = 0;

    /// <summary>The value of a node at which no string ends.</summary>
    public const int NoValue = -1;

    private readonly Dictionary<long, int> _edges = [];
    private readonly List<int> _values = [NoValue];

    /// <summary>The strings may have this many characters that they do not share; a million pieces have some ten million.</summary>
    public const int MostNodes = 1 << 24;

    /// <summary>Adds a string; where it is there already, the first value stays.</summary>
    /// <exception cref="FormatException">All strings together are too long.</exception>
    public void Add(string piece, int value)
    {
        if (_values.Count + piece.Length > MostNodes)
            throw new FormatException($"the vocabulary's tokens have more than {MostNodes:N0} characters together");
        var node = Root;
        foreach (var c in piece)
        {
            if (!_edges.TryGetValue(Key(node, c), out var child))
            {
                child = _values.Count;
                _values.Add(NoValue);
                _edges.Add(Key(node, c), child);
            }
            node = child;
        }
        if (_values[node] == NoValue) _values[node] = value;
    }

    /// <summary>Moves from a prefix to that prefix and one more character; false where no string goes on so.</summary>
    public bool Step(ref int node, char c) => _edges.TryGetValue(Key(node, c), out node);

    /// <summary>The value of the string that a node completes, or <see cref="NoValue"/>.</summary>
    public int Value(int node) => _values[node];

    /// <summary>The length of the longest string that <paramref name="text"/> begins with, or 0; its value.</summary>
    public int Longest(ReadOnlySpan<char> text, out int value)
    {
        var (length, node) = (0, Root);
        value = NoValue;
        for (var i = 0; i < text.Length && Step(ref node, text[i]); i++)
        {
            if (Value(node) == NoValue) continue;
            (length, value) = (i + 1, Value(node));
        }
        return length;
    }

    private static long Key(int node, char c) => (long)node << 16 | c;
}
