namespace Rer.Engine.Tests.Models;

/// <summary>Tests that count live tensors run alone: the count is the process's.</summary>
[CollectionDefinition(nameof(CountsTensors), DisableParallelization = true)]
public sealed class CountsTensors;
