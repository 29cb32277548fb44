using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;

namespace Rer.Engine.Storage;

/// <summary>The runs themselves.</summary>
internal static class RunTable
{
    public static List<RunRecord> Find(SqliteConnection connection, RunFilter filter)
    {
        var where = new StringBuilder("1");
        var parameters = new DynamicParameters();
        if (filter.States.Count > 0)
        {
            where.Append(" AND state IN @states");
            parameters.Add("states", filter.States.Select(s => s.ToString()).ToArray());
        }

        Restrict("design_hash", filter.DesignHash);
        Restrict("sweep_id", filter.SweepId);
        if (filter.StarredOnly) where.Append(" AND starred");
        if (!string.IsNullOrEmpty(filter.Tag))
        {
            // Tags are kept as `\ntag\ntag\n`, so that one can be found whole.
            where.Append(" AND instr(tags, @tag)");
            parameters.Add("tag", $"\n{filter.Tag}\n");
        }

        if (!string.IsNullOrEmpty(filter.Text))
        {
            where.Append(
                @" AND (id || char(10) || design || char(10) || json_extract(plan, '$.policy') || char(10) || json_extract(plan, '$.data')"
                + @" || char(10) || tags || note || char(10) || coalesce(sweep_name, '')) LIKE @text ESCAPE '\'");
            parameters.Add("text", ContainsPattern(filter.Text));
        }

        return Read(connection, where.ToString(), parameters);

        void Restrict(string column, string? value)
        {
            if (value is null) return;
            where.Append($" AND {column} = @{column}");
            parameters.Add(column, value);
        }
    }

    public static RunRecord? Find(SqliteConnection connection, string runId) =>
        Read(connection, "id = @runId", new DynamicParameters(new { runId })).SingleOrDefault();

    public static void Insert(SqliteConnection connection, RunRecord run) => connection.Execute(
        """
        INSERT INTO runs(id, plan, plan_hash, design, design_hash, state, created, sweep_id, sweep_name, queue_position)
        VALUES(@Id, @Plan, @PlanHash, @DesignText, @DesignHash, @State, @Created, @SweepId, @SweepName, @QueuePosition)
        """,
        new
        {
            run.Id,
            Plan = JsonSerializer.Serialize(run.Plan, RunJson.Compact),
            run.PlanHash,
            run.DesignText,
            run.DesignHash,
            State = run.State.ToString(),
            Created = Text(run.Created),
            run.SweepId,
            run.SweepName,
            run.QueuePosition,
        });

    /// <summary>Enters a state: the clock of the time on the device starts or stops, the queue is left where it must be.</summary>
    public static void EnterState(SqliteConnection connection, string runId, StateChanged change)
    {
        var active = change.State is RunState.Starting or RunState.Running;
        var ended = change.State is RunState.Stopped or RunState.Finished or RunState.Failed;
        connection.Execute(
            """
            UPDATE runs SET
                state = @state, reason = @reason,
                started = CASE WHEN @active THEN coalesce(started, @at) ELSE started END,
                ended = CASE WHEN @ended THEN @at ELSE NULL END,
                active_seconds = active_seconds
                    + CASE WHEN active_since IS NULL THEN 0 ELSE max(0, (julianday(@at) - julianday(active_since)) * 86400) END,
                active_since = CASE WHEN @active THEN @at ELSE NULL END,
                queue_position = CASE WHEN @ended THEN NULL ELSE queue_position END
            WHERE id = @runId
            """,
            new { runId, state = change.State.ToString(), reason = change.Reason, at = Text(change.At), active, ended });
    }

    /// <summary>Stops the clock of the time on the device at the run's newest event.</summary>
    public static void StopClockAtLastEvent(SqliteConnection connection, string runId) => connection.Execute(
        """
        UPDATE runs SET
            active_seconds = active_seconds + max(0,
                (julianday((SELECT at FROM events WHERE run = @runId ORDER BY seq DESC LIMIT 1)) - julianday(active_since)) * 86400),
            active_since = NULL
        WHERE id = @runId AND active_since IS NOT NULL
        """,
        new { runId });

    /// <summary>A LIKE pattern for "contains <paramref name="text"/>", escaped with a backslash.</summary>
    public static string ContainsPattern(string text) =>
        $"%{text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff");

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static List<RunRecord> Read(SqliteConnection connection, string where, DynamicParameters parameters)
    {
        var points = connection
            .Query<(string Run, int Step, double? Proxy, double? Gold, string Metrics)>(
                $"SELECT run, step, proxy, gold, metrics FROM evaluations"
                + $" WHERE run IN (SELECT id FROM runs WHERE {where}) ORDER BY run, step",
                parameters)
            .ToLookup(p => p.Run, p => new EvaluationPoint(p.Step, p.Proxy ?? double.NaN, p.Gold ?? double.NaN)
            {
                Metrics = JsonSerializer.Deserialize<Dictionary<string, double>>(p.Metrics, RunJson.Compact)!,
            });
        return [.. connection.Query<Row>($"SELECT * FROM runs WHERE {where} ORDER BY created DESC, id DESC", parameters)
            .Select(row => row.ToRecord([.. points[row.id]]))];
    }

    /// <summary>A row as it is stored; the property names are the columns'.</summary>
    private sealed class Row
    {
        public string id { get; init; } = "";
        public string plan { get; init; } = "";
        public string plan_hash { get; init; } = "";
        public string design { get; init; } = "";
        public string design_hash { get; init; } = "";
        public string state { get; init; } = "";
        public string? reason { get; init; }
        public string created { get; init; } = "";
        public string? started { get; init; }
        public string? ended { get; init; }
        public string? active_since { get; init; }
        public double active_seconds { get; init; }
        public int step { get; init; }
        public string tags { get; init; } = "";
        public string note { get; init; } = "";
        public bool starred { get; init; }
        public string? sweep_id { get; init; }
        public string? sweep_name { get; init; }
        public long? queue_position { get; init; }
        public long last_sequence { get; init; }
        public string? monotonicity { get; init; }

        public RunRecord ToRecord(IReadOnlyList<EvaluationPoint> points) => new()
        {
            Id = id,
            Plan = JsonSerializer.Deserialize<RunPlan>(plan, RunJson.Compact)!,
            PlanHash = plan_hash,
            DesignText = design,
            DesignHash = design_hash,
            State = Enum.Parse<RunState>(state),
            Reason = reason,
            Created = Time(created),
            Started = started is null ? null : Time(started),
            Ended = ended is null ? null : Time(ended),
            ActiveSince = active_since is null ? null : Time(active_since),
            ActiveSeconds = active_seconds,
            Step = step,
            Tags = tags.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Note = note,
            Starred = starred,
            SweepId = sweep_id,
            SweepName = sweep_name,
            QueuePosition = queue_position,
            LastSequence = last_sequence,
            Points = points,
            Monotonicity = monotonicity is null || points.All(p => double.IsNaN(p.Gold)) ? null
                : JsonSerializer.Deserialize<MonotonicityReport>(monotonicity, RunJson.Compact),
        };
    }
}
