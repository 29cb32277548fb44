using System.Diagnostics;
using Rer.Engine.Models;
using Rer.Engine.Ppo;

namespace Rer.Benchmarks;

/// <summary>Resident memory after 100 and after 1,000 small steps: a million steps are to use the memory of ten.</summary>
internal static class MemoryBenchmark
{
    private static readonly ModelConfig Shape = new()
    {
        VocabularySize = 256,
        HiddenSize = 64,
        IntermediateSize = 128,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 4,
        HeadSize = 16,
        MaxPositions = 64,
    };

    public static void Run()
    {
        using var world = new RandomWorld(
            Shape, queryTokens: 8, new PpoOptions { BatchSize = 8, MiniBatchSize = 4, GradientAccumulation = 2, MaxResponseTokens = 16 });
        var after = new Dictionary<int, double>();
        for (var step = 1; step <= 1000; step++)
        {
            world.Trainer.Step();
            if (step is 100 or 1000) after[step] = ResidentMegabytes();
        }
        Console.WriteLine(
            $"resident memory: {after[100]:f1} MB after 100 small steps, {after[1000]:f1} MB after 1,000 ({(after[1000] / after[100]) - 1:+0.0%;-0.0%})");
    }

    private static double ResidentMegabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
