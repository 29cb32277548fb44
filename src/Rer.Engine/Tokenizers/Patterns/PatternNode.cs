namespace Rer.Engine.Tokenizers.Patterns;

/// <summary>The syntax tree of a pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>How many code points the node matches, where that is the same for every match.</summary>
    public abstract int? Width { get; }

    /// <summary>One code point out of a set.</summary>
    public sealed record Set(CodePointSet Members) : PatternNode
    {
        public override int? Width => 1;
    }

    /// <summary>One node after the other.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Items) : PatternNode
    {
        public override int? Width => Items.Aggregate((int?)0, (sum, item) => sum + item.Width);
    }

    /// <summary>The first alternative with which the whole pattern matches.</summary>
    public sealed record Alternation(IReadOnlyList<PatternNode> Choices) : PatternNode
    {
        public override int? Width => Choices.All(c => c.Width == Choices[0].Width) ? Choices[0].Width : null;
    }

    /// <summary>From <paramref name="Least"/> to <paramref name="Most"/> times; null is without limit.</summary>
    public sealed record Repeat(PatternNode Body, int Least, int? Most, bool Lazy) : PatternNode
    {
        public override int? Width => Least == Most ? Least * Body.Width : null;
    }

    /// <summary>Takes its first match and never another: <c>(?&gt;...)</c> and possessive quantifiers.</summary>
    public sealed record Atomic(PatternNode Body) : PatternNode
    {
        public override int? Width => Body.Width;
    }

    /// <summary>Looks ahead without moving.</summary>
    public sealed record Look(PatternNode Body, bool Negative) : PatternNode
    {
        public override int? Width => 0;
    }

    /// <summary>Moves back by a number of code points; the head of each choice of a look behind.</summary>
    public sealed record StepBack(int Count) : PatternNode
    {
        public override int? Width => -Count;
    }

    /// <summary>A condition on the position.</summary>
    public sealed record Assert(PatternAnchor Anchor) : PatternNode
    {
        public override int? Width => 0;
    }
}
