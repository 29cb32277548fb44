using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Storage;

/// <summary>The runs of a store.</summary>
public interface IRunCatalog
{
    /// <summary>After a commit, with the run's id. Raised on the writing thread: handlers return at once.</summary>
    event Action<string>? Changed;

    /// <summary>The store's folder, a full path.</summary>
    string Folder { get; }

    /// <summary>The folder of a run's checkpoints and files, made where it is missing.</summary>
    string RunFolder(string runId);

    /// <summary>Adds a run.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void Add(RunRecord run);

    /// <summary>The runs that <paramref name="filter"/> lets through, newest first.</summary>
    IReadOnlyList<RunRecord> Runs(RunFilter? filter = null);

    /// <summary>A run by its id; null where there is none.</summary>
    RunRecord? Run(string runId);

    /// <summary>The newest run that takes the same course as <paramref name="plan"/>; null where there is none.</summary>
    RunRecord? RunOf(RunPlan plan);

    /// <summary>Removes a run, its rollouts and its checkpoints. The caller makes sure that it is not running.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void Delete(string runId);

    /// <summary>A number that changes when another process writes to the store.</summary>
    long ForeignVersion();
}

/// <summary>What a coordinator sets of a run beside its events.</summary>
public interface IRunControl
{
    /// <summary>Replaces a run's plan: it is given more steps.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void SetPlan(string runId, RunPlan plan);

    /// <summary>Gives a run its place in the queue; null takes it out.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void SetQueuePosition(string runId, long? position);

    /// <summary>Ends a run's time on the device at its newest event: what came after it was no time on the device.</summary>
    void StopClockAtLastEvent(string runId);
}

/// <summary>The streams of events of a store's runs.</summary>
public interface IRunEvents
{
    /// <summary>
    /// Appends events to a run's stream, numbering them, and brings its state, step, metrics and evaluations along, all in one
    /// transaction.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="events">The events, in order.</param>
    /// <param name="rollouts">The rollouts of the evaluation among <paramref name="events"/>, if there is one.</param>
    /// <remarks>An evaluation takes the place of an earlier one of the same step, its rollouts included.</remarks>
    /// <returns>The events with their numbers.</returns>
    /// <exception cref="StoreException">The store cannot be written; nothing was.</exception>
    IReadOnlyList<RunEvent> Append(string runId, IReadOnlyList<RunEvent> events, IReadOnlyList<EvaluationSample>? rollouts = null);

    /// <summary>
    /// Takes back metrics, evaluations and rollouts of steps beyond <paramref name="step"/>: a run that was killed after its
    /// last checkpoint goes on from there and writes them again.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void RewindTo(string runId, int step);

    /// <summary>
    /// Events of a run with a number above <paramref name="sequence"/>, in order, at most <see cref="RunStore.MaxEvents"/>.
    /// </summary>
    IReadOnlyList<RunEvent> EventsSince(string runId, long sequence);

    /// <summary>
    /// A run's newest events that still hold, in order: at most <paramref name="limit"/> that are no steps, and its last
    /// <paramref name="steps"/> steps.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="limit">Most events that are no steps.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="evaluations">Evaluations that have been read already: they are not read again.</param>
    IReadOnlyList<RunEvent> NewestEvents(string runId, int limit, int steps, IReadOnlyList<EvaluationReport>? evaluations = null);

    /// <summary>Number in the run's stream and time of some of its steps; steps that are not there are left out.</summary>
    IReadOnlyDictionary<int, (long Sequence, DateTimeOffset At)> Places(string runId, IReadOnlyCollection<int> steps);
}

/// <summary>Metrics of a store's runs, a value for each step.</summary>
public interface IRunMetrics
{
    /// <summary>Names of the metrics a run has recorded, in the order they first came.</summary>
    IReadOnlyList<string> MetricNames(string runId);

    /// <summary>
    /// Metrics over steps. A series longer than <paramref name="maxPoints"/> keeps each stretch's lowest and highest value, at
    /// their own steps.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="names">The metrics.</param>
    /// <param name="maxPoints">Most points per metric.</param>
    /// <param name="watched">Metrics that <paramref name="watch"/> is shown.</param>
    /// <param name="watch">Shown every step on the way, none left out.</param>
    IReadOnlyList<MetricSeries> Metrics(
        string runId, IReadOnlyList<string> names, int maxPoints = 2_000, IReadOnlyList<string>? watched = null,
        StepReader? watch = null);

    /// <summary>Shows some metrics of every step, from the first on.</summary>
    void EachStep(string runId, IReadOnlyList<string> names, StepReader read);

    /// <summary>The newest <paramref name="count"/> values of a metric, oldest first.</summary>
    IReadOnlyList<double> NewestValues(string runId, string name, int count);
}

/// <summary>Evaluations of a store's runs, and their rollouts.</summary>
public interface IRunResults
{
    /// <summary>Mean seconds of a run's evaluations; NaN before the first.</summary>
    double MeanEvaluationSeconds(string runId);

    /// <summary>A run's evaluations, by step.</summary>
    IReadOnlyList<EvaluationReport> Evaluations(string runId);

    /// <summary>A run's rollouts.</summary>
    RolloutPage Rollouts(RolloutQuery query);
}

/// <summary>What people write on runs.</summary>
public interface IRunLabels
{
    /// <summary>Replaces a run's note.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="RunLabels.LongestNote"/>.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void SetNote(string runId, string note);

    /// <summary>Stars a run, or takes its star away.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void SetStarred(string runId, bool starred);

    /// <summary>Replaces a run's tags.</summary>
    /// <exception cref="ArgumentException">They are longer than <see cref="RunLabels.LongestTags"/>.</exception>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void SetTags(string runId, IEnumerable<string> tags);
}

/// <summary>Everything that runs leave behind. Thread-safe.</summary>
public interface IRunStore : IRunCatalog, IRunControl, IRunEvents, IRunMetrics, IRunResults, IRunLabels, IDisposable
{
    /// <summary>A run with its evaluations, log and thinned metrics, all as of one moment; null where there is no such run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="metrics">Names of metrics to read; null reads all.</param>
    /// <param name="maxPoints">Most points per metric.</param>
    /// <param name="logLines">Most log lines.</param>
    RunSnapshot? Snapshot(string runId, IReadOnlyList<string>? metrics = null, int maxPoints = 2_000, int logLines = 500);
}
