using Rer.Engine.Kernels;
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
    public static int Degree(Device device) => device.type == DeviceType.CPU ? ThreadTeam.Size : 1;

    /// <summary>
    /// Calls <paramref name="part"/> with each number below <paramref name="parts"/>, each on a thread; in grad mode as the caller is.
    /// </summary>
    public static void Run(int parts, Action<int> part) => ThreadTeam.Run(parts, part);

    /// <summary>
    /// Shares out items in at most <paramref name="degree"/> parts of like weight: the heaviest first, each to the part that is lightest
    /// (Graham 1969), then by exchanges between the heaviest part and the others for as long as one makes it lighter. Within a part the
    /// order is that of the list.
    /// </summary>
    /// <param name="items">What to share out.</param>
    /// <param name="weight">Weight of an item, above 0.</param>
    /// <param name="degree">Parts, at least 1.</param>
    /// <returns>The items of each part.</returns>
    public static T[][] Split<T>(IReadOnlyList<T> items, Func<T, long> weight, int degree)
    {
        var weights = items.Select(weight).ToArray();
        var parts = new List<int>[Math.Min(degree, items.Count)];
        var totals = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = [];
        foreach (var i in Enumerable.Range(0, items.Count).OrderByDescending(i => weights[i]))
        {
            var lightest = Array.IndexOf(totals, totals.Min());
            parts[lightest].Add(i);
            totals[lightest] += weights[i];
        }

        while (Exchange(parts, totals, weights)) { }
        return [.. parts.Select(part => part.Order().Select(i => items[i]).ToArray())];
    }

    /// <summary>Exchanges the two items that leave the heaviest part and the other one most alike; false where none do.</summary>
    private static bool Exchange(List<int>[] parts, long[] totals, long[] weights)
    {
        var heaviest = Array.IndexOf(totals, totals.Max());
        var (best, found) = (0L, default((int Own, int Part, int Other)));
        for (var part = 0; part < parts.Length; part++)
        {
            var difference = totals[heaviest] - totals[part];
            for (var own = 0; own < parts[heaviest].Count; own++)
            {
                for (var other = 0; other < parts[part].Count; other++)
                {
                    var moved = weights[parts[heaviest][own]] - weights[parts[part][other]];
                    var gain = difference - Math.Abs(difference - (2 * moved));
                    if (moved > 0 && gain > best) (best, found) = (gain, (own, part, other));
                }
            }
        }

        if (best == 0) return false;
        var (mine, theirs) = (parts[heaviest][found.Own], parts[found.Part][found.Other]);
        (parts[heaviest][found.Own], parts[found.Part][found.Other]) = (theirs, mine);
        totals[heaviest] -= weights[mine] - weights[theirs];
        totals[found.Part] += weights[mine] - weights[theirs];
        return true;
    }
}
