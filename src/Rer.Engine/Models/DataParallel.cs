using Rer.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.Engine.Models;

/// <summary>
/// A batch computed in parts, one a CPU thread. Threads that each have sequences of their own meet once a pass; threads that share
/// every operator meet hundreds of times, which costs a small model more than it gains. A part's rounding depends on what else is in
/// it, so the last bits depend on how many threads there are.
/// </summary>
internal static class DataParallel
{
    /// <summary>Parts that pay on a device: its CPU threads, and 1 on a GPU, which is best served by one large batch.</summary>
    public static int Ways(Device device) => device.type == DeviceType.CPU && TorchCapabilities.Team is not null ? get_num_threads() : 1;

    /// <summary>Calls <paramref name="part"/> with each number below <paramref name="parts"/>, each on a thread; in grad mode as the caller is.</summary>
    public static void Run(int parts, Action<int> part)
    {
        if (parts > 1 && TorchCapabilities.Team is { } team)
        {
            team.Run(parts, part);
            return;
        }

        for (var i = 0; i < parts; i++) part(i);
    }

    /// <summary>
    /// Shares out items in at most <paramref name="ways"/> parts of like weight: the heaviest first, each to the part that is lightest
    /// (Graham 1969). Within a part the order is that of the list.
    /// </summary>
    /// <param name="items">What to share out.</param>
    /// <param name="weight">Weight of an item, above 0.</param>
    /// <param name="ways">Parts, at least 1.</param>
    /// <returns>The items of each part.</returns>
    public static T[][] Split<T>(IReadOnlyList<T> items, Func<T, long> weight, int ways)
    {
        var parts = new List<int>[Math.Min(ways, items.Count)];
        var totals = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = [];
        foreach (var i in Enumerable.Range(0, items.Count).OrderByDescending(i => weight(items[i])))
        {
            var lightest = Array.IndexOf(totals, totals.Min());
            parts[lightest].Add(i);
            totals[lightest] += weight(items[i]);
        }

        return [.. parts.Select(part => part.Order().Select(i => items[i]).ToArray())];
    }
}
