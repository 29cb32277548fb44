using System.Diagnostics;
using Rer.Engine.Training;

namespace Rer.Benchmarks;

/// <summary>
/// Resident memory after 100 and after 1,000 short steps of the benchmark's model: a million steps are to use the memory of ten.
/// </summary>
internal static class MemoryBenchmark
{
    public static void Run()
    {
        using var world = new RandomWorld(
            PpoBenchmark.Shape, queryTokens: 16,
            new PpoOptions { BatchSize = 8, MiniBatchSize = 4, GradientAccumulation = 2, Epochs = 1, MaxResponseTokens = 16 });
        var after = new Dictionary<int, double>();
        for (var step = 1; step <= 1000; step++)
        {
            world.Trainer.Step();
            if (step is 100 or 1000) after[step] = ResidentMegabytes();
        }
        Console.WriteLine(
            $"resident memory: {after[100]:f1} MB after 100 short steps, {after[1000]:f1} MB after 1,000 "
                + $"({(after[1000] / after[100]) - 1:+0.0%;-0.0%})");
    }

    private static double ResidentMegabytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
