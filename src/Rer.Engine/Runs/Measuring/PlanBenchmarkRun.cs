namespace Rer.Engine.Runs.Measuring;

/// <summary>A measurement under way, on a thread of its own.</summary>
public sealed class PlanBenchmarkRun
{
    // Linked to the loan, whose end is its own; it holds nothing that would have to be let go of.
    private readonly CancellationTokenSource _cancel;
    private readonly TaskCompletionSource<PlanMeasurement> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? _thread;
    private int _done;

    internal PlanBenchmarkRun(string key, CancellationToken recalled)
    {
        Key = key;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(recalled);
    }

    /// <summary>The <see cref="PlanMeasurement.KeyOf">key</see> of the plan.</summary>
    public string Key { get; }

    /// <summary>Parts done, of <see cref="PlanBenchmark.Parts"/>.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>
    /// The measurement. It is cancelled where it was given up, for a run or by <see cref="Cancel"/>, and fails for what is wrong with the
    /// plan.
    /// </summary>
    public Task<PlanMeasurement> Result => _result.Task;

    internal CancellationToken Cancelled => _cancel.Token;

    /// <summary>Gives it up.</summary>
    public void Cancel()
    {
        if (!Result.IsCompleted) _cancel.Cancel();
    }

    internal void Report(int done) => Volatile.Write(ref _done, done);

    internal void AwaitEnd(TimeSpan patience) => _thread?.Join(patience);

    internal void Start(Func<PlanMeasurement> measure)
    {
        _thread = new Thread(() => Run(measure)) { Name = "measuring", IsBackground = true };
        _thread.Start();
    }

    private void Run(Func<PlanMeasurement> measure)
    {
        try
        {
            _result.SetResult(measure());
        }
        catch (OperationCanceledException)
        {
            _result.SetCanceled();
        }
        catch (Exception error)
        {
            // Files, models and native libraries can each be wrong in their own way; whoever asked is told which.
            _result.SetException(error);
        }
    }
}
