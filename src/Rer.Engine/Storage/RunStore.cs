using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Storage;

/// <summary>
/// Everything runs leave behind but their checkpoints: plans, events, metrics, evaluations, rollouts, in one SQLite file,
/// `rer.db`, beside a folder `runs/ID` for each run. Thread-safe; several processes may have one store open.
/// </summary>
/// <remarks>
/// Writes go one after the other through one connection, reads each through their own (write-ahead logging: neither waits for
/// the other). A step's commit survives the death of the process; an evaluation's and a checkpoint's commit is also flushed
/// to the disk, with everything before it, and survives the machine's.
/// </remarks>
public sealed class RunStore : IRunStore
{
    /// <summary>Name of the database file in the store's folder.</summary>
    public const string FileName = "rer.db";

    /// <summary>Most events <see cref="EventsSince"/> returns at once.</summary>
    public const int MaxEvents = 2_000;

    private readonly string _file;
    private readonly string _readConnection;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();

    static RunStore() => SQLitePCL.Batteries_V2.Init();

    private RunStore(string folder, SqliteConnection writer)
    {
        Folder = folder;
        _file = Path.Combine(folder, FileName);
        _writer = writer;
        _readConnection = ConnectionString(_file, SqliteOpenMode.ReadWrite);
    }

    /// <inheritdoc/>
    public event Action<string>? Changed;

    /// <inheritdoc/>
    public string Folder { get; }

    /// <summary>Opens the store in <paramref name="folder"/>.</summary>
    /// <param name="folder">The store's folder.</param>
    /// <param name="create">Make folder and file where they are missing; otherwise that is an error.</param>
    /// <exception cref="StoreException">The folder or the file cannot be made, opened or written, or is not a store.</exception>
    public static RunStore Open(string folder, bool create = true)
    {
        folder = Path.GetFullPath(folder);
        var file = Path.Combine(folder, FileName);
        if (!create && !File.Exists(file)) throw new StoreException($"{folder}: no run store here ({FileName} is missing).");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{folder}: the folder cannot be made ({e.Message}). Choose another one.", e);
        }

        var writer = new SqliteConnection(ConnectionString(file, SqliteOpenMode.ReadWriteCreate, pooling: false));
        try
        {
            writer.Open();
            Prepare(writer);
            writer.Execute("PRAGMA journal_mode = WAL");
            StoreSchema.Migrate(writer, file);
            // Opening a read-only file succeeds; a write says so now rather than at the first step of a run.
            writer.Execute("BEGIN IMMEDIATE; PRAGMA user_version; ROLLBACK");
            return new RunStore(folder, writer);
        }
        catch (Exception e)
        {
            writer.Dispose();
            if (e is SqliteException error) throw StoreErrors.Explain(file, error);
            throw;
        }
    }

    /// <inheritdoc/>
    public string RunFolder(string runId) => Directory.CreateDirectory(Path.Combine(Folder, "runs", runId)).FullName;

    /// <inheritdoc/>
    public void Add(RunRecord run) => Write(run.Id, connection => RunTable.Insert(connection, run));

    /// <inheritdoc/>
    public IReadOnlyList<RunRecord> Runs(RunFilter? filter = null) =>
        Read(connection => RunTable.Find(connection, filter ?? new RunFilter()));

    /// <inheritdoc/>
    public RunRecord? Run(string runId) => Read(connection => RunTable.Find(connection, runId));

    /// <inheritdoc/>
    public RunRecord? RunOf(RunPlan plan) =>
        Runs(new RunFilter { DesignHash = plan.Design.Hash }).FirstOrDefault(run => run.Plan.SameCourseAs(plan));

    /// <inheritdoc/>
    public IReadOnlyList<RunEvent> Append(string runId, IReadOnlyList<RunEvent> events, IReadOnlyList<EvaluationSample>? rollouts = null)
    {
        var appended = new List<RunEvent>(events.Count);
        Write(
            runId,
            connection =>
            {
                var sequence = Sequence(connection, runId);
                foreach (var happened in events)
                {
                    var numbered = happened with { Sequence = ++sequence };
                    EventTable.Insert(connection, runId, numbered);
                    Apply(connection, runId, numbered);
                    appended.Add(numbered);
                }

                if (rollouts is not null) RolloutTable.Insert(connection, runId, rollouts);
                connection.Execute("UPDATE runs SET last_sequence = @sequence WHERE id = @runId", new { runId, sequence });
            },
            durable: events.Any(e => e is EvaluationCompleted or CheckpointSaved or StateChanged));
        return appended;
    }

    /// <inheritdoc/>
    public void RewindTo(string runId, int step) => Write(
        runId,
        connection =>
        {
            var removed = connection.Execute("DELETE FROM metrics WHERE run = @runId AND step > @step", new { runId, step })
                + EvaluationTable.RemoveBeyond(connection, runId, step);
            if (removed == 0) return;
            EventTable.Withdraw(connection, runId, step);
            var sequence = Sequence(connection, runId) + 1;
            EventTable.Insert(connection, runId, new Rewound(step) { Sequence = sequence, At = DateTimeOffset.UtcNow });
            connection.Execute(
                "UPDATE runs SET step = @reached, last_sequence = @sequence WHERE id = @runId",
                new { runId, sequence, reached = Math.Max(0, step) });
        });

    /// <inheritdoc/>
    public IReadOnlyList<RunEvent> EventsSince(string runId, long sequence) =>
        Read(connection => EventTable.Since(connection, runId, sequence, MaxEvents));

    /// <inheritdoc/>
    public IReadOnlyList<RunEvent> NewestEvents(string runId, int limit, int steps, IReadOnlyList<EvaluationReport>? evaluations = null) =>
        Read(connection => EventTable.Newest(connection, runId, limit, steps, evaluations ?? []));

    /// <inheritdoc/>
    public RunSnapshot? Snapshot(string runId, IReadOnlyList<string>? metrics = null, int maxPoints = 2_000, int logLines = 500) => Read(
        connection => RunTable.Find(connection, runId) is not { } run ? null : new RunSnapshot(
            run,
            MetricTable.Series(connection, runId, metrics ?? MetricTable.Names(connection, runId), maxPoints, [], null),
            EvaluationTable.All(connection, runId),
            EventTable.NewestLog(connection, runId, logLines)));

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames(string runId) => Read(connection => MetricTable.Names(connection, runId));

    /// <inheritdoc/>
    public IReadOnlyList<MetricSeries> Metrics(
        string runId, IReadOnlyList<string> names, int maxPoints = 2_000, IReadOnlyList<string>? watched = null,
        StepReader? watch = null) =>
        Read(connection => MetricTable.Series(connection, runId, names, maxPoints, watched ?? [], watch));

    /// <inheritdoc/>
    public void EachStep(string runId, IReadOnlyList<string> names, StepReader read) => Metrics(runId, [], watched: names, watch: read);

    /// <inheritdoc/>
    public IReadOnlyList<double> NewestValues(string runId, string name, int count) =>
        Read(connection => MetricTable.Newest(connection, runId, name, count));

    /// <inheritdoc/>
    public IReadOnlyDictionary<int, (long Sequence, DateTimeOffset At)> Places(string runId, IReadOnlyCollection<int> steps) =>
        Read(connection => EventTable.Places(connection, runId, [.. steps]));

    /// <inheritdoc/>
    public double MeanEvaluationSeconds(string runId) => Read(connection => EvaluationTable.MeanSeconds(connection, runId));

    /// <inheritdoc/>
    public IReadOnlyList<EvaluationReport> Evaluations(string runId) => Read(connection => EvaluationTable.All(connection, runId));

    /// <inheritdoc/>
    public RolloutPage Rollouts(RolloutQuery query) => Read(connection => RolloutTable.Find(connection, query));

    /// <inheritdoc/>
    public void SetNote(string runId, string note) => Set(runId, "note", RunLabels.Note(note));

    /// <inheritdoc/>
    public void SetStarred(string runId, bool starred) => Set(runId, "starred", starred);

    /// <inheritdoc/>
    public void SetTags(string runId, IEnumerable<string> tags) =>
        Set(runId, "tags", string.Concat(RunLabels.Tags(tags).Select(tag => "\n" + tag)) + "\n");

    /// <inheritdoc/>
    public void Delete(string runId)
    {
        Write(runId, connection => connection.Execute("DELETE FROM runs WHERE id = @runId", new { runId }));
        Directory.Delete(RunFolder(runId), recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing) _writer.Dispose();
        // Pooled connections keep the file open: on a store that is closed it could not be moved or deleted everywhere.
        using var pool = new SqliteConnection(_readConnection);
        SqliteConnection.ClearPool(pool);
    }

    /// <inheritdoc/>
    public void SetPlan(string runId, RunPlan plan) => Write(
        runId,
        connection => connection.Execute(
            "UPDATE runs SET plan = @json, plan_hash = @hash WHERE id = @runId",
            new { runId, json = JsonSerializer.Serialize(plan, RunJson.Compact), hash = plan.Hash }));

    /// <inheritdoc/>
    public void SetQueuePosition(string runId, long? position) => Set(runId, "queue_position", position);

    /// <inheritdoc/>
    public void StopClockAtLastEvent(string runId) => Write(runId, connection => RunTable.StopClockAtLastEvent(connection, runId));

    /// <inheritdoc/>
    public long ForeignVersion()
    {
        lock (_writing) return _writer.ExecuteScalar<long>("PRAGMA data_version");
    }

    /// <summary>Lets the file grow no more, as a full disk does, or grow again.</summary>
    internal void SimulateFullDisk(bool full)
    {
        lock (_writing)
            _writer.Execute($"PRAGMA max_page_count = {(full ? _writer.ExecuteScalar<long>("PRAGMA page_count") : int.MaxValue)}");
    }

    private static long Sequence(SqliteConnection connection, string runId) =>
        connection.ExecuteScalar<long?>("SELECT last_sequence FROM runs WHERE id = @runId", new { runId })
        ?? throw new ArgumentException($"The store has no run '{runId}'.");

    private static void Apply(SqliteConnection connection, string runId, RunEvent happened)
    {
        switch (happened)
        {
            case StateChanged change:
                RunTable.EnterState(connection, runId, change);
                break;
            case StepCompleted { Report: var report }:
                MetricTable.Insert(connection, runId, report);
                connection.Execute("UPDATE runs SET step = @Step WHERE id = @runId", new { runId, report.Step });
                break;
            case EvaluationCompleted { Report: var report }:
                // A run that died between an evaluation and its checkpoint evaluates the same step again.
                EventTable.WithdrawEvaluation(connection, runId, report.Step, happened.Sequence);
                EvaluationTable.Put(connection, runId, report);
                break;
        }
    }

    private static string ConnectionString(string file, SqliteOpenMode mode, bool pooling = true) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, DefaultTimeout = 30, Pooling = pooling }.ToString();

    private static void Prepare(SqliteConnection connection) => connection.Execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL");

    private void Set(string runId, string column, object? value) => Write(
        runId, connection => connection.Execute($"UPDATE runs SET {column} = @value WHERE id = @runId", new { runId, value }));

    private void Write(string runId, Action<SqliteConnection> body, bool durable = false)
    {
        lock (_writing)
        {
            try
            {
                if (durable) _writer.Execute("PRAGMA synchronous = FULL");
                using var transaction = _writer.BeginTransaction(deferred: false);
                body(_writer);
                transaction.Commit();
            }
            catch (SqliteException e)
            {
                throw StoreErrors.Explain(_file, e);
            }
            finally
            {
                if (durable) _writer.Execute("PRAGMA synchronous = NORMAL");
            }
        }

        Changed?.Invoke(runId);
    }

    private T Read<T>(Func<SqliteConnection, T> body)
    {
        try
        {
            using var connection = new SqliteConnection(_readConnection);
            connection.Open();
            using var transaction = connection.BeginTransaction(deferred: true);
            return body(connection);
        }
        catch (SqliteException e)
        {
            throw StoreErrors.Explain(_file, e);
        }
    }
}

/// <summary>Takes some metrics of one step, in the order in which they were asked for; NaN where the step has none.</summary>
public delegate void StepReader(int step, ReadOnlySpan<double> values);
