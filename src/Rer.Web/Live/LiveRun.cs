using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Alerts;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;

namespace Rer.Web.Live;

/// <summary>
/// A run as one page sees it: the store's snapshot, carried on by the run's events. It holds nothing that the store has not,
/// so another page, or this one after a reload, comes to the same.
/// </summary>
/// <param name="store">Where the run is.</param>
/// <param name="feed">What happens to it.</param>
/// <param name="runId">The run.</param>
public sealed class LiveRun(IRunStore store, RunFeed feed, string runId)
{
    /// <summary>Lines kept for the log.</summary>
    public const int LogCapacity = 500;

    // Each evaluation among them is read whole: more would take longer to read than anybody reads.
    private const int FirstLines = 120;

    private const int ShownSteps = 3;

    // The series of a run this long are read within a page's first breath.
    private const int ShortRun = 2_000;

    private readonly Dictionary<string, MetricBuffer> _metrics = [];
    private readonly List<EvaluationReport> _evaluations = [];
    private readonly List<RunEvent> _log = [];
    private readonly List<StepCompleted> _lastSteps = [];
    private readonly List<AlertNoted> _noted = [];
    // That an alert has closed is known some steps after it did: where those stand.
    private readonly List<StepCompleted> _recentSteps = [];
    private AlertMonitor? _watch;

    /// <summary>The run; null where the store has none of this id.</summary>
    public RunRecord? Run { get; private set; }

    /// <summary>Every evaluation, by step.</summary>
    public IReadOnlyList<EvaluationReport> Evaluations => _evaluations;

    /// <summary>
    /// The newest events that a log shows, oldest first, and the alerts they brought about; steps only the last few: they would leave
    /// room for nothing else.
    /// </summary>
    public IEnumerable<RunEvent> Log => _log.Concat(_lastSteps).Concat(_noted).Concat(NotedByEvaluations()).OrderBy(e => e.Sequence);

    /// <summary>What is amiss in the run by now; none before <see cref="HasSeries"/>.</summary>
    public IReadOnlyList<RunAlert> Alerts => _watch is null ? [] : RunAlerts.Find(_evaluations, _watch);

    /// <summary>The long phase the run is in, where it is in one.</summary>
    public ProgressChanged? Progress { get; private set; }

    /// <summary>Whether the proxy is monotonic with gold so far; null before the first evaluation and without gold.</summary>
    public MonotonicityReport? Monotonicity => Run?.Monotonicity;

    /// <summary>Names of the metrics recorded, in alphabetical order.</summary>
    public IEnumerable<string> MetricNames => _metrics.Keys.Order(StringComparer.Ordinal);

    /// <summary>
    /// Whether the metrics reach back to the first step; until <see cref="Take"/> those of a long run are the newest steps' only.
    /// </summary>
    public bool HasSeries { get; private set; }

    /// <summary>Counts the changes of the evaluations, so that a page redraws only then.</summary>
    public int EvaluationVersion { get; private set; }

    /// <summary>Counts the changes of the metrics.</summary>
    public int MetricVersion { get; private set; }

    /// <summary>A metric; empty where the run has not recorded it.</summary>
    public MetricBuffer Metric(string name) => _metrics.GetValueOrDefault(name) ?? new MetricBuffer();

    /// <summary>Reads the run from the store; of a long run's metrics the newest steps, which is what its head shows.</summary>
    /// <returns>Whether there is such a run.</returns>
    public bool Load()
    {
        if (store.Snapshot(runId, metrics: [], logLines: 0) is not { } snapshot) return false;
        Run = snapshot.Run;
        _metrics.Clear();
        _evaluations.Clear();
        _evaluations.AddRange(snapshot.Evaluations);
        _log.Clear();
        _lastSteps.Clear();
        _recentSteps.Clear();
        _noted.Clear();
        _watch = null;
        foreach (var happened in store.NewestEvents(runId, FirstLines, RunPace.Window, snapshot.Evaluations))
        {
            if (happened.Sequence > snapshot.Run.LastSequence) continue;
            if (happened is StepCompleted { Report: var report }) Add(report);
            Record(happened);
        }
        HasSeries = false;
        if (Run.Step <= ShortRun) Take(ReadSeries());
        Progress = feed.Progress(runId);
        EvaluationVersion++;
        MetricVersion++;
        return true;
    }

    /// <summary>Reads the metrics from the first step on and judges them; may run beside everything else.</summary>
    public RunSeries ReadSeries() => RunSeries.Of(store, Run!);

    /// <summary>Takes what <see cref="ReadSeries"/> read. Steps that it has and that come as events again are left out then.</summary>
    public void Take(RunSeries series)
    {
        foreach (var metric in series.Metrics) _metrics[metric.Name] = new MetricBuffer(metric);
        _watch = series.Alerts;
        _noted.Clear();
        foreach (var change in _watch.Changes)
            if (series.Places.TryGetValue(change.Step, out var place))
                _noted.Add(new AlertNoted(change) { Sequence = place.Sequence, At = place.At });
        HasSeries = true;
        MetricVersion++;
    }

    /// <summary>Follows the run until cancelled; <paramref name="changed"/> is called after every batch, at most four a second.</summary>
    public async Task Follow(Func<Task> changed, CancellationToken cancellation)
    {
        try
        {
            await foreach (var batch in feed.Watch(runId, Run?.LastSequence ?? 0, cancellation: cancellation))
            {
                Apply(batch);
                await changed();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    /// <summary>Carries the run on by some events.</summary>
    public void Apply(IReadOnlyList<RunEvent> events)
    {
        var rewound = false;
        foreach (var happened in events)
        {
            switch (happened)
            {
                case StepCompleted { Report: var report }:
                    Add(report);
                    Keep(_recentSteps, (StepCompleted)happened, RunAlerts.Window + 1);
                    foreach (var change in _watch?.Add(report) ?? []) Note(change, happened);
                    MetricVersion++;
                    break;
                case EvaluationCompleted { Report: var report }:
                    _evaluations.RemoveAll(e => e.Step >= report.Step);
                    _evaluations.Add(report);
                    EvaluationVersion++;
                    break;
                case Rewound { Step: var step }:
                    _evaluations.RemoveAll(e => e.Step > step);
                    EvaluationVersion++;
                    rewound = true;
                    break;
            }
            Record(happened);
        }
        Run = store.Run(runId) ?? Run;
        Progress = feed.Progress(runId);
        if (rewound || _metrics.Values.Any(b => b.Count > MetricBuffer.Capacity)) Take(ReadSeries());
    }

    private void Note(AlertChange change, RunEvent now)
    {
        var at = _recentSteps.Find(step => step.Report.Step == change.Step) ?? now;
        Keep(_noted, new AlertNoted(change) { Sequence = at.Sequence, At = at.At }, AlertMonitor.MostChanges);
    }

    private IEnumerable<AlertNoted> NotedByEvaluations()
    {
        var evaluated = _log.OfType<EvaluationCompleted>().ToLookup(e => e.Report.Step);
        foreach (var change in RunAlerts.Changes(_evaluations))
            if (evaluated[change.Step].LastOrDefault() is { } happened)
                yield return new AlertNoted(change) { Sequence = happened.Sequence, At = happened.At };
    }

    private void Add(StepReport report)
    {
        foreach (var (name, value) in report.Values)
        {
            if (!_metrics.TryGetValue(name, out var buffer)) _metrics[name] = buffer = new MetricBuffer();
            buffer.Add(report.Step, value);
        }
    }

    private void Record(RunEvent happened)
    {
        switch (happened)
        {
            case StepCompleted step:
                Keep(_lastSteps, step, ShownSteps);
                break;
            case ProgressChanged or Withdrawn:
                break;
            default:
                Keep(_log, happened, LogCapacity);
                break;
        }
    }

    private static void Keep<T>(List<T> list, T item, int most)
    {
        list.Add(item);
        if (list.Count > most) list.RemoveAt(0);
    }
}

/// <summary>
/// An alert's opening or closing as the log shows it: judged from what was recorded, so no stream has it. It stands where the event stands
/// that brought it about.
/// </summary>
/// <param name="Change">What opened or closed.</param>
public sealed record AlertNoted(AlertChange Change) : RunEvent;
