using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit.Sdk;

namespace Rer.Engine.Tests.Fuzzing;

/// <summary>
/// Feeds what reads input of others with inputs that nobody has thought of. An ordinary test run tries a fixed number, always the same
/// ones; RER_FUZZ_SECONDS makes it go on for that long.
/// </summary>
internal static class Fuzz
{
    private const string Variable = "RER_FUZZ_SECONDS";
    private const int OrdinaryRounds = 400;
    private const int LongestShown = 500;

    /// <summary>Runs a check on each seed, then on inputs made of them.</summary>
    /// <param name="seeds">Inputs to begin with: some good ones, and every one that has ever fallen.</param>
    /// <param name="mutate">Makes an input of another; the random numbers are the same in every run.</param>
    /// <param name="body">What must hold of an input. It fails by an exception of any kind.</param>
    /// <param name="test">The test's name, under which an input that ends the process is found in the folder of temporary files.</param>
    /// <exception cref="XunitException">It does not hold of an input, which the message shows.</exception>
    public static void Run<T>(IReadOnlyList<T> seeds, Func<Random, T, T> mutate, Action<T> body, [CallerMemberName] string test = "")
    {
        var random = new Random(20240607);
        var pool = new List<T>(seeds);
        foreach (var seed in seeds) Check(seed, body);
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seconds))
        {
            for (var round = 0; round < OrdinaryRounds; round++) Check(Next(), body);
            return;
        }
        var clock = Stopwatch.StartNew();
        var (rounds, slowest, slowestInput) = (0, TimeSpan.Zero, "");
        for (; clock.Elapsed < TimeSpan.FromSeconds(seconds); rounds++)
        {
            var input = Next();
            // A stack overflow ends the process: what caused it is then in the file.
            File.WriteAllText(Path.Combine(Path.GetTempPath(), $"rer-fuzz-{test}.txt"), Show(input, int.MaxValue), Encoding.Latin1);
            var begun = clock.Elapsed;
            Check(input, body);
            if (clock.Elapsed - begun > slowest) (slowest, slowestInput) = (clock.Elapsed - begun, Show(input, LongestShown));
        }
        Console.WriteLine($"{test}: {rounds} inputs in {seconds} s; the slowest took {slowest.TotalSeconds:F2} s: {slowestInput}");

        T Next()
        {
            var input = pool[random.Next(pool.Count)];
            for (var times = random.Next(1, 5); times > 0; times--) input = mutate(random, input);
            // Some of what was made is material for more.
            if (random.Next(4) == 0)
            {
                if (pool.Count < 2 * seeds.Count + 200) pool.Add(input);
                else pool[random.Next(seeds.Count, pool.Count)] = input;
            }
            return input;
        }
    }

    private static void Check<T>(T input, Action<T> body)
    {
        try
        {
            body(input);
        }
        catch (Exception error)
        {
            throw new XunitException($"An input that falls; keep it as a seed:\n{Show(input, LongestShown)}\n\n{error}");
        }
    }

    private static string Escape(char c) => c is >= ' ' and <= '~' and not '"' and not '\\' ? c.ToString() : $"\\u{(int)c:x4}";

    private static string Show<T>(T input, int most)
    {
        var text = input switch
        {
            byte[] bytes => Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, most))),
            // Every character can be read, and copied into a test: half of a surrogate pair too.
            _ => $"\"{string.Concat((input?.ToString() ?? "").Select(Escape))}\"",
        };
        return text.Length > most ? $"{text[..most]}... ({text.Length} characters)" : text;
    }
}
