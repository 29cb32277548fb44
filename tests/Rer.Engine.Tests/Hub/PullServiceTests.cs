using Rer.Engine.Hub;
using Rer.Engine.Tests.Models;

namespace Rer.Engine.Tests.Hub;

public sealed class PullServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly HubServer _hub = new();
    private readonly TemporaryFolder _folder = new();
    private readonly PullService _pulls;

    public PullServiceTests()
    {
        _hub.Files["config.json"] = new byte[5000];
        _pulls = new PullService(() => new HubOptions { Endpoint = _hub.Address, FirstWait = TimeSpan.FromMilliseconds(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _pulls.DisposeAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pull_runs_to_its_end_and_stays_listed_until_it_is_removed()
    {
        var id = Add("a").Id;
        var done = await UntilAsync(id, PullState.Done);
        Assert.Equal((1, 5000L), (done.Result!.Fetched, done.Progress!.Bytes));
        _pulls.Remove(id);
        Assert.Empty(_pulls.Jobs);
    }

    [Fact]
    public async Task One_runs_at_a_time_and_one_that_is_stopped_lets_the_next_begin()
    {
        _hub.Answer = request => request.Path.Contains("/resolve/", StringComparison.Ordinal)
            ? HubServer.Content(request, new byte[5000]) with { CutAfter = 1000, Stalls = true } : null;
        var (first, second) = (Add("a").Id, Add("b").Id);
        await UntilAsync(first, PullState.Running);
        await UntilAsync(() => _pulls.Jobs.First(job => job.Id == first).Progress?.File == "config.json");
        Assert.Equal(PullState.Waiting, _pulls.Jobs.First(job => job.Id == second).State);
        Assert.Equal(first, Add("a").Id);

        _hub.Answer = _ => null;
        _pulls.Stop(first);
        await UntilAsync(first, PullState.Stopped);
        await UntilAsync(second, PullState.Done);
        await UntilAsync(Add("a").Id, PullState.Done);
        Assert.Equal(2, _pulls.Jobs.Count);
    }

    [Fact]
    public async Task A_failure_is_told_in_the_list()
    {
        _hub.Answer = _ => new HubServerAnswer(404, [], []);
        var failed = await UntilAsync(Add("a").Id, PullState.Failed);
        Assert.Contains("no such repository", failed.Error);
    }

    [Fact]
    public async Task Closing_stops_what_runs()
    {
        _hub.Answer = request => HubServer.Content(request, new byte[5000]) with { CutAfter = 1000, Stalls = true };
        var id = Add("a").Id;
        await UntilAsync(id, PullState.Running);
        await _pulls.DisposeAsync().AsTask().WaitAsync(_patience);
        Assert.Equal(PullState.Stopped, _pulls.Jobs[0].State);
    }

    private PullJob Add(string folder) => _pulls.Add(new PullRequest(HubRepository.Parse("owner/name"), _folder.File(folder)));

    private async Task<PullJob> UntilAsync(int id, PullState state)
    {
        await UntilAsync(() => _pulls.Jobs.Any(job => job.Id == id && job.State == state));
        return _pulls.Jobs.First(job => job.Id == id);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        void Release() => changed.Release();
        _pulls.Changed += Release;
        try
        {
            while (!condition()) Assert.True(await changed.WaitAsync(_patience), string.Join('\n', _pulls.Jobs));
        }
        finally
        {
            _pulls.Changed -= Release;
        }
    }
}
