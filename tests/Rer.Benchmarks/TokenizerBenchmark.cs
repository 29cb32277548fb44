using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Benchmarks;

/// <summary>
/// Megabytes of UTF-8 that a tokenizer encodes, with an empty cache of words and with a full one, and decodes, a second of one core.
/// </summary>
/// <remarks>
/// Processor time, not the clock's: the figure is that of one core on a machine that others use too. The code is warm in every figure;
/// compiling it takes about a second of the first process that tokenizes anything.
/// </remarks>
internal static class TokenizerBenchmark
{
    private const int Runs = 5;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(2);

    /// <summary>Encodes <c>--text FILE</c> (of JSON all strings, any other file as it is) with the tokenizers of the folders.</summary>
    public static void Run(string[] args)
    {
        var at = Array.IndexOf(args, "--text");
        if (at < 0 || at + 1 >= args.Length || args.Length < 3)
        {
            Console.Error.WriteLine("tokenizers --text FILE FOLDER...");
            return;
        }
        var texts = Texts(args[at + 1]);
        var megabytes = texts.Sum(text => (double)Encoding.UTF8.GetByteCount(text)) / 1e6;
        Console.WriteLine($"{texts.Count} texts, {megabytes:F2} MB; median of {Runs} runs, one thread, seconds of processor time");
        string[] heads = ["load s", "cold MB/s", "warm MB/s", "decode MB/s", "tokens", "bytes/token"];
        Console.WriteLine($"{"tokenizer",-24}" + string.Concat(heads.Select(head => $"{head,13}")));
        foreach (var folder in args.Where((_, i) => i != at && i != at + 1)) Run(folder, texts, megabytes);
    }

    private static void Run(string folder, List<string> texts, double megabytes)
    {
        var tokenizer = TokenizerLoader.Load(folder);
        var encoded = new int[texts.Count][];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < _warmUp;)
        {
            Encode(tokenizer);
            Decode();
        }

        var fresh = Enumerable.Range(0, Runs).Select(_ => TokenizerLoader.Load(folder)).ToArray();
        var next = 0;
        var load = ProcessorSeconds(() => TokenizerLoader.Load(folder));
        var cold = ProcessorSeconds(() => Encode(fresh[next++]));
        var warm = ProcessorSeconds(() => Encode(tokenizer));
        var decode = ProcessorSeconds(Decode);
        var tokens = encoded.Sum(ids => ids.Length);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        Console.WriteLine($"{name,-24}{load,13:F2}{megabytes / cold,13:F1}{megabytes / warm,13:F1}{megabytes / decode,13:F1}"
            + $"{tokens,13}{megabytes * 1e6 / tokens,13:F2}");

        void Encode(ITokenizer by)
        {
            for (var i = 0; i < texts.Count; i++) encoded[i] = by.Encode(texts[i]);
        }

        void Decode()
        {
            foreach (var ids in encoded) tokenizer.Decode(ids);
        }
    }

    private static double ProcessorSeconds(Action action)
    {
        using var process = Process.GetCurrentProcess();
        return Median.Of(Enumerable.Range(0, Runs).Select(_ =>
        {
            process.Refresh();
            var start = process.TotalProcessorTime;
            action();
            process.Refresh();
            return (process.TotalProcessorTime - start).TotalSeconds;
        }).ToArray());
    }

    private static List<string> Texts(string file)
    {
        if (!file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return [File.ReadAllText(file)];
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return Strings(document.RootElement).ToList();
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
