namespace Rer.Engine.Hub;

/// <summary>Pulls that go on by themselves, one after the other, whoever looks on.</summary>
/// <param name="options">How the Hub is reached; asked when a pull begins, so that its complaints become that pull's.</param>
public sealed class PullService(Func<HubOptions> options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<PullJob> _jobs = [];
    private readonly Dictionary<int, (CancellationTokenSource Stop, Task Work)> _working = [];
    private Task _tail = Task.CompletedTask;
    private int _last;

    /// <summary>Something about the jobs changed; raised from any thread.</summary>
    public event Action? Changed;

    /// <summary>How the Hub is reached.</summary>
    public Func<HubOptions> Options { get; } = options;

    /// <summary>Every job, the latest first.</summary>
    public IReadOnlyList<PullJob> Jobs
    {
        get
        {
            lock (_gate) return [.. _jobs];
        }
    }

    /// <summary>Adds a pull at the end; one of the same folder that waits or runs is returned instead.</summary>
    public PullJob Add(PullRequest request)
    {
        PullJob job;
        lock (_gate)
        {
            if (_jobs.FirstOrDefault(
                other => other.Request.Folder == request.Folder && other.State is PullState.Waiting or PullState.Running) is { } known)
                return known;
            job = new PullJob(++_last, request, PullState.Waiting);
            _jobs.RemoveAll(old => old.Request.Folder == request.Folder);
            _jobs.Insert(0, job);
            var stop = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            var before = _tail;
            _tail = Task.Run(() => WorkAsync(job, before, stop.Token));
            _working[job.Id] = (stop, _tail);
        }
        Changed?.Invoke();
        return job;
    }

    /// <summary>Stops a job; what has come is kept.</summary>
    public void Stop(int id)
    {
        lock (_gate)
        {
            if (_working.TryGetValue(id, out var work)) work.Stop.Cancel();
        }
    }

    /// <summary>Takes an ended job off the list; its files stay.</summary>
    public void Remove(int id)
    {
        lock (_gate) _jobs.RemoveAll(job => job.Id == id && job.State is not (PullState.Waiting or PullState.Running));
        Changed?.Invoke();
    }

    /// <summary>Stops everything and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Task[] work;
        lock (_gate) work = [.. _working.Values.Select(job => job.Work)];
        await Task.WhenAll(work).ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task WorkAsync(PullJob job, Task before, CancellationToken stop)
    {
        try
        {
            await before.WaitAsync(stop).ConfigureAwait(false);
            Update(job.Id, now => now with { State = PullState.Running });
            var result = await new HubPull(Options()).RunAsync(job.Request, new Watcher(this, job.Id), stop).ConfigureAwait(false);
            Update(job.Id, now => now with { State = PullState.Done, Result = result });
        }
        catch (OperationCanceledException)
        {
            Update(job.Id, now => now with { State = PullState.Stopped });
        }
        catch (Exception error)
        {
            // Nobody waits for this task: what went wrong, whatever it is, is to be seen in the list.
            Update(job.Id, now => now with { State = PullState.Failed, Error = error.Message });
        }
        // The next one waits for this task, and so for all before it, also where this one was stopped before its turn.
        await before.ConfigureAwait(false);
        lock (_gate)
        {
            _working.Remove(job.Id, out var work);
            work.Stop.Dispose();
        }
    }

    private void Update(int id, Func<PullJob, PullJob> change)
    {
        lock (_gate)
        {
            var at = _jobs.FindIndex(job => job.Id == id);
            if (at >= 0) _jobs[at] = change(_jobs[at]);
        }
        Changed?.Invoke();
    }

    /// <summary>Takes reports on the thread they are made on, so that none comes after the end.</summary>
    private sealed class Watcher(PullService queue, int id) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => queue.Update(id, now => now with { Progress = value });
    }
}

/// <summary>A pull in the queue, as it stands at one moment.</summary>
/// <param name="Id">Tells it from the others.</param>
/// <param name="Request">What is fetched.</param>
/// <param name="State">Where it stands.</param>
public sealed record PullJob(int Id, PullRequest Request, PullState State)
{
    /// <summary>How far it is; null before anything is known.</summary>
    public PullProgress? Progress { get; init; }

    /// <summary>What it left; null before its end.</summary>
    public PullResult? Result { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Error { get; init; }
}

/// <summary>What a pull left.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Commit">The commit its files are of.</param>
/// <param name="Fetched">Files that were fetched.</param>
/// <param name="Present">Files that were there already, with the right checksum.</param>
/// <param name="Bytes">Bytes of both.</param>
/// <param name="Pickles">Files left out because they are pickles.</param>
/// <param name="Others">Files left out because nothing here reads them.</param>
public sealed record PullResult(
    string Folder, string Commit, int Fetched, int Present, long Bytes, IReadOnlyList<string> Pickles, IReadOnlyList<string> Others);

/// <summary>Where a queued pull stands.</summary>
public enum PullState
{
    /// <summary>It waits for the one before it.</summary>
    Waiting,

    /// <summary>It is on its way.</summary>
    Running,

    /// <summary>Every file is there.</summary>
    Done,

    /// <summary>It was stopped; it can go on.</summary>
    Stopped,

    /// <summary>It failed; it can be tried again.</summary>
    Failed,
}
