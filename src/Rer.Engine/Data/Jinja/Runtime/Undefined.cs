namespace Rer.Engine.Data.Jinja.Runtime;

/// <summary>
/// What a name or an attribute that is not there evaluates to: nothing as text, false as a condition, without elements, equal only to what
/// is undefined itself, an error to look into or to compute with.
/// </summary>
/// <param name="Name">What was asked for.</param>
internal sealed record Undefined(string Name);
