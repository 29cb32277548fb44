using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Benchmarks;

/// <summary>Megabytes of UTF-8 that a tokenizer encodes, cold and warm, and decodes, for each second that one core works on it.</summary>
/// <remarks>Processor time, not the clock's: the figure is that of one core on a machine that others use too.</remarks>
internal static class TokenizerBenchmark
{
    private const int Runs = 5;

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
        string[] heads = ["load s", "first MB/s", "warm MB/s", "decode MB/s", "tokens", "bytes/token"];
        Console.WriteLine($"{"tokenizer",-24}" + string.Concat(heads.Select(head => $"{head,13}")));
        foreach (var folder in args.Where((_, i) => i != at && i != at + 1)) Run(folder, texts, megabytes);
    }

    private static void Run(string folder, List<string> texts, double megabytes)
    {
        ITokenizer? tokenizer = null;
        var load = ProcessorSeconds(0, 1, () => tokenizer = TokenizerLoader.Load(folder));
        var encoded = new int[texts.Count][];
        var first = ProcessorSeconds(0, 1, Encode);
        var warm = ProcessorSeconds(3, Runs, Encode);
        var decode = ProcessorSeconds(3, Runs, () =>
        {
            foreach (var ids in encoded) tokenizer!.Decode(ids);
        });
        var tokens = encoded.Sum(ids => ids.Length);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        Console.WriteLine($"{name,-24}{load,13:F2}{megabytes / first,13:F1}{megabytes / warm,13:F1}{megabytes / decode,13:F1}"
            + $"{tokens,13}{megabytes * 1e6 / tokens,13:F2}");

        void Encode()
        {
            for (var i = 0; i < texts.Count; i++) encoded[i] = tokenizer!.Encode(texts[i]);
        }
    }

    private static double ProcessorSeconds(int warmUps, int runs, Action action)
    {
        for (var i = 0; i < warmUps; i++) action();
        using var process = Process.GetCurrentProcess();
        return Median.Of(Enumerable.Range(0, runs).Select(_ =>
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
