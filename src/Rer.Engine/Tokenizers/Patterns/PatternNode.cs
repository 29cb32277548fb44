namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>The syntax tree of a pattern.</summary>
internal abstract class PatternNode
{
    // What is more than this is too much for any pattern; sums of such numbers do not overflow.
    private const long TooMuch = 1 << 30;

    private PatternNode(int? width, long size)
    {
        Width = width;
        Size = Math.Min(TooMuch, size);
    }

    /// <summary>How many code points the node matches, where that is the same for every match.</summary>
    public int? Width { get; }

    /// <summary>About how many instructions the node compiles to, and no less than the work of compiling it.</summary>
    public long Size { get; }

    private static int? Times(int? width, long count) => width is { } one ? (int)Math.Min(TooMuch, one * count) : null;

    private static int? Sum(IReadOnlyList<PatternNode> nodes) =>
        nodes.All(node => node.Width is not null) ? (int)Math.Min(TooMuch, nodes.Sum(node => (long)node.Width!)) : null;

    private static int? Common(IReadOnlyList<PatternNode> nodes) => nodes.All(node => node.Width == nodes[0].Width) ? nodes[0].Width : null;

    /// <summary>One code point out of a set.</summary>
    public sealed class Set(CodePointSet members) : PatternNode(1, 1)
    {
        public CodePointSet Members => members;
    }

    /// <summary>One node after the other.</summary>
    public sealed class Sequence(IReadOnlyList<PatternNode> items) : PatternNode(Sum(items), 1 + items.Sum(item => item.Size))
    {
        public IReadOnlyList<PatternNode> Items => items;
    }

    /// <summary>The first alternative with which the whole pattern matches.</summary>
    public sealed class Alternation(IReadOnlyList<PatternNode> choices)
        : PatternNode(Common(choices), choices.Sum(choice => choice.Size + 2))
    {
        public IReadOnlyList<PatternNode> Choices => choices;
    }

    /// <summary>From <paramref name="least"/> to <paramref name="most"/> times; null is without limit.</summary>
    public sealed class Repeat(PatternNode body, int least, int? most, bool lazy)
        : PatternNode(least == most ? Times(body.Width, least) : null, 4 + ((long)(most ?? least) + 1) * (body.Size + 1))
    {
        public PatternNode Body => body;

        public int Least => least;

        public int? Most => most;

        public bool Lazy => lazy;
    }

    /// <summary>Takes its first match and never another: <c>(?&gt;...)</c> and possessive quantifiers.</summary>
    public sealed class Atomic(PatternNode body) : PatternNode(body.Width, body.Size + 2)
    {
        public PatternNode Body => body;
    }

    /// <summary>Looks ahead without moving.</summary>
    public sealed class Look(PatternNode body, bool negative) : PatternNode(0, body.Size + 2)
    {
        public PatternNode Body => body;

        public bool Negative => negative;
    }

    /// <summary>Moves back by a number of code points; the head of each choice of a look behind.</summary>
    public sealed class StepBack(int count) : PatternNode(-count, 1)
    {
        public int Count => count;
    }

    /// <summary>A condition on the position.</summary>
    public sealed class Assert(PatternAnchor anchor) : PatternNode(0, 1)
    {
        public PatternAnchor Anchor => anchor;
    }
}
