using Rer.Engine.Models.Architectures;
using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Benchmarks;

/// <summary>
/// A PPO iteration on a 5.8 M parameter Llama in float32 on two threads, as the Python peer (TRL 0.7.4) was timed: batch 16, query 32,
/// response 64 without an end of sequence, mini-batch 4 x accumulation 2, four epochs, LoRA r 8 on q and v.
/// </summary>
internal static class PpoBenchmark
{
    private const int Threads = 2;
    private const int Query = 32;
    private const int Response = 64;
    private const int Batch = 16;
    private const int Epochs = 4;

    // What the peer takes over the time that the matrix products alone would take at the machine's sgemm peak, and its published seconds.
    private static readonly (double Factor, double Seconds) PeerGenerate = (15, .428), PeerForward = (2.3, .187), PeerTrain = (2.8, .942);
    private const double PeerIteration = 1.562;
    private const double PeerPeak = 430e9;

    internal static readonly ModelConfig Shape = new()
    {
        VocabularySize = 2048,
        HiddenSize = 256,
        IntermediateSize = 688,
        Layers = 6,
        Heads = 8,
        KeyValueHeads = 8,
        HeadSize = 32,
        MaxPositions = 256,
    };

    public static void Run()
    {
        set_num_threads(Threads);
        var peak = SgemmPeak.Measure();
        var steps = Measure(warmUps: 2, runs: 7);
        peak = Math.Max(peak, SgemmPeak.Measure());
        Report(steps, peak);
    }

    private static List<StepReport> Measure(int warmUps, int runs)
    {
        using var world = new RandomWorld(Shape, queryTokens: Query, new PpoOptions
        {
            BatchSize = Batch,
            MiniBatchSize = 4,
            GradientAccumulation = 2,
            Epochs = Epochs,
            MaxResponseTokens = Response,
        });
        var steps = Enumerable.Range(0, warmUps + runs).Select(_ => Timed(world.Trainer.Step())).ToList();
        return steps[warmUps..];

        static StepReport Timed(StepReport step)
        {
            Console.Error.WriteLine($"step {step.Step}: {step[Metric.SecondsStep]:f2} s");
            return step;
        }
    }

    private static void Report(List<StepReport> steps, double peak)
    {
        double Seconds(string metric) => Median.Of(steps.Select(step => step[metric]));
        var work = new LlamaWork(Shape);
        var phases = new[]
        {
            new Phase("generate", Seconds(Metric.SecondsGenerate), Batch * Response, work.Generate(Batch, Query, Response),
                PeerGenerate.Factor),
            // The reference's pass: what the policy says is taken down while it samples. The peer makes both.
            new Phase("forward", Seconds(Metric.SecondsForward), Batch * (Query + Response), work.Forward(Batch, Query + Response),
                2 * PeerForward.Factor),
            new Phase("train", Seconds(Metric.SecondsUpdate), Epochs * Batch * (Query + Response),
                Epochs * work.Train(Batch, Query + Response), PeerTrain.Factor),
        };
        var iteration = Seconds(Metric.SecondsStep);
        var bound = phases.Sum(phase => phase.Work) / peak;
        var peer = phases.Sum(phase => phase.PeerFactor * phase.Work) / peak;

        Console.WriteLine(
            $"sgemm peak {peak / 1e9:f0} GFLOP/s, {Threads} threads (best of square products of 512 to 2048, before and after)");
        Console.WriteLine();
        Console.WriteLine("phase       seconds   tokens/s   sgemm-bound s   share of bound   peer s here   times the peer");
        foreach (var phase in phases)
            Line(phase.Name, phase.Seconds, phase.Tokens, phase.Work / peak, phase.PeerFactor * phase.Work / peak);
        Line("iteration", iteration, Batch * Response, bound, peer);
        Console.WriteLine();
        Console.WriteLine(
            $"The peer's published seconds at {PeerPeak / 1e9:f0} GFLOP/s: generate {PeerGenerate.Seconds}, forward {PeerForward.Seconds}, "
            + $"train {PeerTrain.Seconds}, iteration {PeerIteration}; scaled to this peak the iteration takes "
            + $"{PeerIteration * PeerPeak / peak:f3}.");

        static void Line(string name, double seconds, int tokens, double bound, double peer) => Console.WriteLine(
            $"{name,-10}{seconds,9:f3}{tokens / seconds,11:f0}{bound,16:f3}{bound / seconds,17:p0}{peer,14:f3}{peer / seconds,17:f2}");
    }

    private sealed record Phase(string Name, double Seconds, int Tokens, double Work, double PeerFactor);
}
