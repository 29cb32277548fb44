namespace Rer.Engine.Playground.Language;

/// <summary>An inhabitant of the world: a name, a kind of animal, and one value for each <see cref="Trait"/>.</summary>
/// <param name="Name">One word, unique.</param>
/// <param name="Kind">One word; several inhabitants share it.</param>
/// <param name="Values">Values in the order of <see cref="Trait"/>.</param>
internal sealed record Entity(string Name, string Kind, IReadOnlyList<string> Values)
{
    /// <summary>The value of a trait.</summary>
    public string this[Trait trait] => Values[(int)trait];

    /// <summary>How queries name it: `Mira the fox`.</summary>
    public string FullName => $"{Name} the {Kind}";
}
