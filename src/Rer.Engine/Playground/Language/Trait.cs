namespace Rer.Engine.Playground.Language;

/// <summary>What can be known about an inhabitant of the world.</summary>
internal enum Trait
{
    Coat,
    Home,
    Food,
    Skill,
    Mood,
    Prize,
    Tool,
    Weather,
}
