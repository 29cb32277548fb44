namespace Rer.Engine.Runs.Planning;

/// <summary>Memory that one purpose takes.</summary>
/// <param name="Name">What for.</param>
/// <param name="Bytes">How much.</param>
public sealed record MemoryPart(string Name, double Bytes);
