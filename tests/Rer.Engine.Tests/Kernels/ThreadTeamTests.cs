using System.Collections.Concurrent;
using Rer.Engine.Kernels;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Kernels;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_part_runs_once_in_the_grad_mode_of_the_caller(int parts)
    {
        foreach (var grad in (bool[])[true, false])
        {
            var seen = new ConcurrentBag<(int Part, bool Grad)>();
            using (set_grad_enabled(grad)) ThreadTeam.Run(parts, i => seen.Add((i, is_grad_enabled())));
            Assert.Equal(Enumerable.Range(0, parts).Select(i => (i, grad)), seen.Order());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_part_throws_reaches_the_caller_when_the_others_are_done(int threads)
    {
        using var size = new TeamSize(threads);
        var done = new ConcurrentBag<int>();
        var error = Assert.Throws<InvalidDataException>(() => ThreadTeam.Run(4, i =>
        {
            if (i is 1 or 3) throw new InvalidDataException($"part {i}");
            done.Add(i);
        }));
        Assert.Equal("part 1", error.Message);
        Assert.Equal([0, 2], done.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(123457)]
    public void Ranges_cover_every_number_once(long count)
    {
        var seen = new int[count];
        ThreadTeam.For(count, 100, (begin, end) =>
        {
            for (var i = begin; i < end; i++) Interlocked.Increment(ref seen[i]);
        });
        Assert.All(seen, times => Assert.Equal(1, times));
    }

    [Fact]
    public void A_part_that_shares_out_work_does_it_itself()
    {
        var threads = new ConcurrentBag<(int Outer, int Inner)>();
        ThreadTeam.Run(2, _ =>
        {
            var outer = Environment.CurrentManagedThreadId;
            ThreadTeam.Run(3, _ => threads.Add((outer, Environment.CurrentManagedThreadId)));
        });
        Assert.Equal(6, threads.Count);
        Assert.All(threads, pair => Assert.Equal(pair.Outer, pair.Inner));
    }

    /// <summary>A number of threads for as long as it lives, of the calling thread's team.</summary>
    private sealed class TeamSize : IDisposable
    {
        private readonly int _before = get_num_threads();

        public TeamSize(int threads) => set_num_threads(threads);

        public void Dispose() => set_num_threads(_before);
    }
}
