namespace Rer.Engine.Tests;

/// <summary>A fact that needs <see cref="Fixtures"/>; skipped, with the reason, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = Fixtures.WhyNot;
}
