using Rer.Benchmarks;
using Rer.Engine.Storage;

var benchmarks = new Dictionary<string, (string What, Action<string[]> Run)>
{
    ["ppo"] = ("tokens per second of a PPO iteration by phase, beside the machine's own sgemm peak", _ => PpoBenchmark.Run()),
    ["memory"] = ("resident memory after 100 and after 1,000 short PPO steps of the same model", _ => MemoryBenchmark.Run()),
    ["playground"] = ("steps per second of the playground's default plan, by phase, and the whole plan's time: --steps N --threads N",
        PlaygroundBenchmark.Run),
    ["drift"] = (
        "whether a small policy learns its reward or drifts, under the paper's options and the preset: MODEL DATA --gold GOLD --steps N",
        DriftBenchmark.Run),
    ["dashboard"] = ("pages of a store of 301 runs in a browser, and the server's memory, beside their targets: [STORE]",
        DashboardBenchmark.Run),
    ["fill"] = ("nothing: fills a store with the 301 invented runs of `dashboard`: STORE", Fill),
    ["tokenizers"] = ("megabytes per second that tokenizers encode and decode: --text FILE FOLDER...", TokenizerBenchmark.Run),
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Rer.Benchmarks -- NAME [options]");
    foreach (var (name, (what, _)) in benchmarks) Console.Error.WriteLine($"  {name,-12}{what}");
    return 2;
}
benchmark.Run(args[1..]);
return 0;

static void Fill(string[] args)
{
    if (args.Length != 1)
    {
        Console.Error.WriteLine("fill STORE");
        return;
    }

    using var store = RunStore.Open(args[0]);
    foreach (var synthetic in SyntheticRuns.Scale)
        synthetic.Fill(store, (done, runs) => Console.Error.Write($"\r{done} of {runs} runs"));
    Console.Error.WriteLine();
}
