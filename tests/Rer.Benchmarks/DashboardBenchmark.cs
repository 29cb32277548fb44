using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Rer.Engine.Runs;
using Rer.Engine.Storage;
using Rer.Web.Hosting;
using Rer.Web.Tests.Browser;

namespace Rer.Benchmarks;

/// <summary>
/// How long the pages of a full store take in a browser, and the server's memory: 300 runs, and one of 100,000 steps with 50,000 rollouts.
/// </summary>
internal static class DashboardBenchmark
{
    private const int Repeats = 5;

    // Words of the invented responses: each search is another one, so that nothing is answered from before.
    private static readonly string[] Searches = ["grey stones", "old mill", "children learn", "river runs", "seven grey", "to count"];

    /// <summary>Fills the store where it is missing, serves it and prints what was measured beside the targets.</summary>
    /// <param name="arguments">The store's folder; a temporary one, deleted afterwards, where none is given.</param>
    public static void Run(string[] arguments)
    {
        if (Chromium.WhyNot is { } reason)
        {
            Console.Error.WriteLine($"dashboard: {reason}");
            return;
        }

        var folder = arguments.Length > 0 ? Path.GetFullPath(arguments[0]) : Directory.CreateTempSubdirectory("rer-scale-").FullName;
        try
        {
            var longest = Fill(folder);
            MeasureAll(folder, longest).GetAwaiter().GetResult();
        }
        finally
        {
            if (arguments.Length == 0) Directory.Delete(folder, recursive: true);
        }
    }

    private static string Fill(string folder)
    {
        using var store = RunStore.Open(folder);
        if (store.Runs().Count == 0)
        {
            Console.Error.WriteLine("filling the store");
            foreach (var synthetic in SyntheticRuns.Scale) synthetic.Fill(store);
        }

        return store.Runs().MaxBy(r => r.Step)!.Id;
    }

    private static async Task MeasureAll(string folder, string longest)
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        using var server = Process.Start(new ProcessStartInfo("dotnet", [ServerProgram(), "--store", folder, "--urls", address]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(1) };
            await Answers(client);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await Chromium.Launch(playwright);
            var page = await browser.NewPageAsync();
            page.SetDefaultTimeout(120_000);

            Print("Runs page, 301 runs",
                await Median(() => Open(page, $"{address}/runs", "() => document.querySelectorAll('[data-row]').length > 0")), "1,000 ms");
            Print("Runs page, every run by itself",
                await Median(() => Open(page, $"{address}/runs?group=none", "() => document.querySelectorAll('[data-row]').length > 10")),
                "1,000 ms");
            // What is in view stands first; charts further down are drawn while nothing else waits.
            Print("Run page, 100,000 steps, in view",
                await Median(
                    () => Open(page, $"{address}/runs/{longest}",
                        "() => { const p = [...document.querySelectorAll('.plot')].filter(e => e.getBoundingClientRect().top < "
                            + "innerHeight); return p.length > 0 && p.every(e => e.dataset.drawn); }")), "none");
            Print("Run page, every chart",
                await Median(
                    () => Open(page, $"{address}/runs/{longest}",
                        "() => { const p = [...document.querySelectorAll('.plot')]; return p.length > 10 && p.every(e => e.dataset.drawn); "
                            + "}")), "1,000 ms");
            await Open(page, $"{address}/runs/{longest}/rollouts", "() => document.querySelectorAll('.li').length > 0");
            var searches = new Queue<string>(Searches);
            Print("rollout search on the page", await Median(() => Search(page, searches.Dequeue())), "200 ms");
            var texts = new Queue<string>(Searches);
            Print("rollout search over all 50,000", await Median(async () =>
            {
                var start = Stopwatch.GetTimestamp();
                await client.GetStringAsync(
                    $"api/runs/{longest}/rollouts?text={Uri.EscapeDataString(texts.Dequeue())}&sort=disagreement&descending=true");
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }), "200 ms");
            await Open(page, $"{address}/?design=LI", "() => document.querySelectorAll('[data-preview] [data-proxy]').length === 5");
            Print("preview re-scored after a click", await Median(() => Toggle(page)), "100 ms");
            server.Refresh();
            Print("server memory now", server.WorkingSet64 / 1e6, "500 MB", "MB");
            Print("server memory at its peak", server.PeakWorkingSet64 / 1e6, "500 MB", "MB");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static void Print(string what, double value, string target, string unit = "ms") =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34}{value,8:f0} {unit}   target {target}"));

    // One to warm up: the server compiles a page when it is first asked for.
    private static async Task<double> Median(Func<Task<double>> measure)
    {
        await measure();
        var times = new List<double>();
        for (var i = 0; i < Repeats; i++) times.Add(await measure());
        return Benchmarks.Median.Of(times);
    }

    private static async Task<double> Open(IPage page, string address, string drawn)
    {
        await page.GotoAsync("about:blank");
        var start = Stopwatch.GetTimestamp();
        await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        await page.WaitForFunctionAsync(drawn);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> Search(IPage page, string text) => await page.EvaluateAsync<double>(
        """
        text => new Promise(done => {
          const input = document.querySelector("[aria-label='Search queries and responses']"), start = performance.now();
          input.value = text;
          input.dispatchEvent(new Event("change", { bubbles: true }));
          const seen = () => new URLSearchParams(location.search).get("q") === text && document.querySelector("[data-found]")?.dataset.found === text;
          const look = () => seen() ? done(performance.now() - start) : requestAnimationFrame(look);
          look();
        })
        """,
        text);

    // From the click to the frame in which the preview shows another score.
    private static async Task<double> Toggle(IPage page) => await page.EvaluateAsync<double>(
        """
        () => new Promise(done => {
          const scores = () => [...document.querySelectorAll("[data-preview] [data-proxy]")].map(e => e.textContent).join(), before = scores();
          const start = performance.now();
          document.querySelector("[aria-label='QR for all queries']").click();
          const look = () => scores() !== before ? done(performance.now() - start) : requestAnimationFrame(look);
          look();
        })
        """);

    private static async Task Answers(HttpClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                await client.GetStringAsync("healthz", patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    // The server as it is built beside this program: its own process, so that its memory is its own.
    private static string ServerProgram()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Rer.sln"))) root = root.Parent;
        return Path.Combine(root?.FullName ?? ".", "src", "Rer.Web", "bin", here.Parent!.Name, here.Name, "Rer.Web.dll");
    }
}
