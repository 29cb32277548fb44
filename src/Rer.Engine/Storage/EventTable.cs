using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Evaluation;
using Rer.Engine.Runs.Events;
using Rer.Engine.Training;

namespace Rer.Engine.Storage;

/// <summary>The event streams. Steps and evaluations are kept in their own tables and joined in on reading.</summary>
internal static class EventTable
{
    private const string Step = "step", Evaluation = "evaluation", Checkpoint = "checkpoint", Withdrawn = "withdrawn", Log = "log",
        Other = "other";

    public static void Insert(SqliteConnection connection, string runId, RunEvent happened)
    {
        var (kind, step) = happened switch
        {
            StepCompleted e => (Step, e.Report.Step),
            EvaluationCompleted e => (Evaluation, e.Report.Step),
            CheckpointSaved e => (Checkpoint, e.Step),
            LogWritten e => (Log, e.Step),
            _ => (Other, (int?)null),
        };
        var json = kind is Step or Evaluation ? null : JsonSerializer.Serialize(happened, RunJson.Compact);
        connection.Execute(
            "INSERT INTO events(run, seq, at, kind, step, json) VALUES(@runId, @Sequence, @at, @kind, @step, @json)",
            new { runId, happened.Sequence, at = RunTable.Text(happened.At), kind, step, json });
    }

    public static List<RunEvent> Since(SqliteConnection connection, string runId, long sequence, int limit) => Read(
        connection,
        runId,
        connection.Query<Row>(
            "SELECT seq AS Sequence, at, kind, step, json FROM events WHERE run = @runId AND seq > @sequence ORDER BY seq LIMIT @limit",
            new { runId, sequence, limit }).AsList(),
        []);

    /// <summary>
    /// The newest events that still hold, in order: at most <paramref name="limit"/> that are no steps, and the last
    /// <paramref name="steps"/> steps.
    /// </summary>
    public static List<RunEvent> Newest(SqliteConnection connection, string runId, int limit, int steps,
        IReadOnlyList<EvaluationReport> evaluations)
    {
        // Kind by kind, as the index is: events that are no steps lie far apart among those that are.
        var kinds = string.Join(" UNION ALL ", new[] { Evaluation, Checkpoint, Log, Other, Step }.Select(kind =>
            $"SELECT * FROM (SELECT seq AS Sequence, at, kind, step, json FROM events WHERE run = @runId AND kind = '{kind}' ORDER BY seq "
                + $"DESC LIMIT {(kind == Step ? "@steps" : "@limit")})"));
        var rows = connection.Query<Row>(kinds, new { runId, limit, steps }).OrderBy(row => row.Sequence).ToList();
        var others = rows.Where(row => row.Kind != Step).TakeLast(limit).ToHashSet();
        return Read(connection, runId, [.. rows.Where(row => row.Kind == Step || others.Contains(row))], evaluations);
    }

    /// <summary>Number and time of some steps.</summary>
    public static Dictionary<int, (long Sequence, DateTimeOffset At)> Places(SqliteConnection connection, string runId, int[] steps) =>
        steps.Length == 0
        ? []
        : connection.Query<(int Step, long Sequence, string At)>(
            $"SELECT step, seq, at FROM events WHERE run = @runId AND kind = '{Step}' AND step IN @steps", new { runId, steps })
            .ToDictionary(row => row.Step, row => (row.Sequence, RunTable.Time(row.At)));

    private static List<RunEvent> Read(SqliteConnection connection, string runId, List<Row> rows,
        IReadOnlyList<EvaluationReport> evaluations)
    {
        var known = evaluations.ToDictionary(e => e.Step);
        var steps = Steps(rows.Where(r => r.Kind == Step).Select(r => r.Step!.Value).ToArray());
        return [.. rows.Select(Materialise)];

        Dictionary<int, StepReport> Steps(int[] wanted) => wanted.Length == 0
            ? []
            : MetricTable.Reports(connection, runId, wanted.Min(), wanted.Max()).ToDictionary(r => r.Step);

        RunEvent Materialise(Row row)
        {
            RunEvent happened = row.Kind switch
            {
                Step => new StepCompleted(steps[row.Step!.Value]),
                Evaluation => new EvaluationCompleted(
                    known.GetValueOrDefault(row.Step!.Value) ?? EvaluationTable.At(connection, runId, row.Step.Value)),
                Withdrawn => new Withdrawn(),
                _ => JsonSerializer.Deserialize<RunEvent>(row.Json!, RunJson.Compact)!,
            };
            return happened with { Sequence = row.Sequence, At = RunTable.Time(row.At) };
        }
    }

    public static List<LogWritten> NewestLog(SqliteConnection connection, string runId, int limit)
    {
        var rows = connection.Query<(long Sequence, string At, string Json)>(
            $"SELECT seq, at, json FROM events WHERE run = @runId AND kind = '{Log}' ORDER BY seq DESC LIMIT @limit", new { runId, limit });
        return [.. rows.Reverse().Select(r =>
            (LogWritten)JsonSerializer.Deserialize<RunEvent>(r.Json, RunJson.Compact)! with
            {
                Sequence = r.Sequence,
                At = RunTable.Time(r.At),
            })];
    }

    /// <summary>Takes back the steps, evaluations and checkpoints beyond <paramref name="step"/>.</summary>
    public static void Withdraw(SqliteConnection connection, string runId, int step) => connection.Execute(
        $"""
        UPDATE events SET kind = '{Withdrawn}', json = NULL
        WHERE run = @runId AND kind IN ('{Step}', '{Evaluation}', '{Checkpoint}') AND step > @step
        """,
        new { runId, step });

    /// <summary>Takes back an evaluation's event before <paramref name="sequence"/>, where there is one.</summary>
    public static void WithdrawEvaluation(SqliteConnection connection, string runId, int step, long sequence) => connection.Execute(
        $"UPDATE events SET kind = '{Withdrawn}' WHERE run = @runId AND kind = '{Evaluation}' AND step = @step AND seq < @sequence",
        new { runId, step, sequence });

    private sealed class Row
    {
        public long Sequence { get; init; }

        public string At { get; init; } = "";

        public string Kind { get; init; } = "";

        public int? Step { get; init; }

        public string? Json { get; init; }
    }
}
