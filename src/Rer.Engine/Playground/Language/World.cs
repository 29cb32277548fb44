using Rer.Engine.Data;

namespace Rer.Engine.Playground.Language;

/// <summary>A small world: inhabitants and all that is true of them, drawn from a seed.</summary>
internal sealed class World
{
    private const int EvaluationEntities = 14;
    private const int ValidationEntities = 6;

    private readonly Dictionary<string, Entity> _byName;

    /// <summary>Draws kinds and values; the same seed gives the same world.</summary>
    public World(int seed)
    {
        Seed = seed;
        var random = SeededRandom.From(seed, "playground/world");
        var entities = random.Shuffled(Lexicon.Names).Select(name => new Entity(
            name,
            random.Pick(Lexicon.Kinds),
            [.. Lexicon.Traits.Select(trait => random.Pick(Lexicon.Values(trait)))])).ToArray();
        _byName = entities.ToDictionary(entity => entity.Name);
        Evaluation = entities[..EvaluationEntities];
        Validation = entities[EvaluationEntities..(EvaluationEntities + ValidationEntities)];
        Training = entities[(EvaluationEntities + ValidationEntities)..];
        All = entities;
    }

    /// <summary>The seed it was drawn from.</summary>
    public int Seed { get; }

    /// <summary>Everybody. The supervised policy and the gold model see them all, so that facts are knowable.</summary>
    public IReadOnlyList<Entity> All { get; }

    /// <summary>Those that PPO's prompts are about.</summary>
    public IReadOnlyList<Entity> Training { get; }

    /// <summary>Those that validation prompts are about.</summary>
    public IReadOnlyList<Entity> Validation { get; }

    /// <summary>Those that evaluation prompts are about.</summary>
    public IReadOnlyList<Entity> Evaluation { get; }

    /// <summary>The inhabitant of that name, or null.</summary>
    public Entity? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>An inhabitant other than <paramref name="entity"/>.</summary>
    public Entity Other(Entity? entity, SeededRandom random)
    {
        Entity other;
        do other = random.Pick(All);
        while (other == entity);
        return other;
    }
}
