namespace Rer.Engine.Tests;

/// <summary>A theory that needs <see cref="Fixtures"/>; skipped, with the reason, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = Fixtures.WhyNot;
}
