using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Rer.Engine.Kernels;

/// <summary>
/// Work shared out over the CPU: on libtorch's own threads where they can be reached, so that its operators keep to the thread that
/// calls them, else on .NET's. A part runs in the grad mode of the caller. All parts end, whatever some throw; then the failure of
/// the first in number is thrown again.
/// </summary>
internal static unsafe class ThreadTeam
{
    // Elements below which a second thread costs more than it saves.
    private const long Grain = 16384;

    [ThreadStatic] private static bool _inside;

    /// <summary>Some of a range: from a number to another, not included.</summary>
    public delegate void Range(long begin, long end);

    /// <summary>Threads there are.</summary>
    public static int Size => get_num_threads();

    /// <summary>
    /// Calls <paramref name="part"/> with each number below <paramref name="parts"/>, as many at a time as there are threads.
    /// </summary>
    /// <param name="parts">Calls.</param>
    /// <param name="part">Must not wait for another call.</param>
    public static void Run(int parts, Action<int> part)
    {
        if (parts == 1) part(0);
        else new Work(parts, part).Run(IsInside ? 1 : Math.Min(parts, Size));
    }

    /// <summary>Shares out numbers below <paramref name="count"/> in as many ranges as there are threads, where that pays.</summary>
    /// <param name="count">Numbers.</param>
    /// <param name="elements">Elements that each number stands for, roughly.</param>
    /// <param name="body">Takes a range; must not fail.</param>
    public static void For(long count, long elements, Range body)
    {
        var ranges = IsInside ? 1 : (int)Math.Min(Size, Math.Max(1, count * Math.Max(1, elements) / Grain));
        if (ranges == 1) body(0, count);
        else Run(ranges, i => body(count * i / ranges, count * (i + 1) / ranges));
    }

    private static bool IsInside => _inside || (LibtorchSymbols.InParallel != null && LibtorchSymbols.InParallel() != 0);

    private sealed class Work(int parts, Action<int> part)
    {
        private readonly bool _gradient = is_grad_enabled();
        private readonly Exception?[] _failures = new Exception?[parts];
        private int _next = -1;

        public void Run(int threads)
        {
            if (threads <= 1) RunHere();
            else if (LibtorchSymbols.Parallel != null) RunOnTeam(threads);
            else RunOnPool(threads);
            if (_failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
        }

        private void RunHere()
        {
            for (var i = 0; i < _failures.Length; i++) Take(i);
        }

        private void RunOnTeam(int threads)
        {
            var handle = GCHandle.Alloc(this);
            try
            {
                LibtorchSymbols.Parallel(&OnTeam, GCHandle.ToIntPtr(handle), (uint)threads, 0);
            }
            finally
            {
                handle.Free();
            }
        }

        private void RunOnPool(int threads)
        {
            using var done = new CountdownEvent(threads - 1);
            for (var i = 1; i < threads; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    work =>
                    {
                        work.TakeParts(alone: true);
                        done.Signal();
                    },
                    this,
                    preferLocal: false);
            }
            TakeParts(alone: true);
            done.Wait();
        }

        [UnmanagedCallersOnly]
        private static void OnTeam(nint handle) => ((Work)GCHandle.FromIntPtr(handle).Target!).TakeParts(alone: false);

        /// <param name="alone">Operators have to be told to keep to this thread.</param>
        private void TakeParts(bool alone)
        {
            var (threads, inside) = (alone ? get_num_threads() : 0, _inside);
            _inside = true;
            if (alone) set_num_threads(1);
            using (set_grad_enabled(_gradient))
            {
                for (var i = Interlocked.Increment(ref _next); i < _failures.Length; i = Interlocked.Increment(ref _next)) Take(i);
            }
            if (alone) set_num_threads(threads);
            _inside = inside;
        }

        private void Take(int i)
        {
            try
            {
                part(i);
            }
            catch (Exception failure)
            {
                // An exception must not pass through native frames.
                _failures[i] = failure;
            }
        }
    }
}
