using System.Text;
using System.Text.Json;
using Rer.Engine.Tokenizers;

namespace Rer.Benchmarks;

/// <summary>Megabytes of UTF-8 a second that a tokenizer encodes on one core, cold and warm, and decodes.</summary>
internal static class TokenizerBenchmark
{
    private const int Runs = 5;

    /// <summary>Runs over <c>--text FILE</c> (JSON: all its strings; any other file as it is) with the tokenizers of the folders given.</summary>
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
        Console.WriteLine($"{texts.Count} texts, {megabytes:F2} MB; median of {Runs} runs, one thread");
        Console.WriteLine($"{"tokenizer",-28}{"load s",8}{"first MB/s",12}{"warm MB/s",12}{"decode MB/s",13}{"tokens",10}{"bytes/token",13}");
        foreach (var folder in args.Where((_, i) => i != at && i != at + 1)) Run(folder, texts, megabytes);
    }

    private static void Run(string folder, IReadOnlyList<string> texts, double megabytes)
    {
        ITokenizer? tokenizer = null;
        var load = Median.Seconds(0, 1, () => tokenizer = TokenizerLoader.Load(folder));
        var encoded = new int[texts.Count][];
        var first = Median.Seconds(0, 1, Encode);
        var warm = Median.Seconds(1, Runs, Encode);
        var decode = Median.Seconds(1, Runs, () =>
        {
            foreach (var ids in encoded) tokenizer!.Decode(ids);
        });
        var tokens = encoded.Sum(ids => ids.Length);
        Console.WriteLine($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),-28}{load,8:F2}{megabytes / first,12:F1}{megabytes / warm,12:F1}"
            + $"{megabytes / decode,13:F1}{tokens,10}{megabytes * 1e6 / tokens,13:F2}");

        void Encode()
        {
            for (var i = 0; i < texts.Count; i++) encoded[i] = tokenizer!.Encode(texts[i]);
        }
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
