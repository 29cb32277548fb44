namespace Rer.Engine.Data.Jinja;

/// <summary>What a name or an attribute that is not there evaluates to: empty as text, false as a condition, an error to look into.</summary>
/// <param name="Name">What was asked for.</param>
internal sealed record Undefined(string Name);
