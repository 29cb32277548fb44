namespace Rer.Engine.Playground.Language;

/// <summary>What a sentence of the world says: this inhabitant has this value.</summary>
/// <param name="Entity">Whom it is about.</param>
/// <param name="Trait">Which trait.</param>
/// <param name="Value">The value it names.</param>
/// <param name="KindIsRight">False where it calls the inhabitant another kind of animal.</param>
internal sealed record Claim(Entity Entity, Trait Trait, string Value, bool KindIsRight)
{
    /// <summary>Whether the world agrees.</summary>
    public bool IsTrue => KindIsRight && Entity[Trait] == Value;
}
