namespace Rer.Torch;

/// <summary>A CUDA device.</summary>
/// <param name="Name">As its driver names it.</param>
/// <param name="ComputeCapability">Such as 9.0.</param>
/// <param name="Multiprocessors">How many streaming multiprocessors it has.</param>
public sealed record DeviceProperties(string Name, Version ComputeCapability, int Multiprocessors);
