using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Events;

namespace Rer.Engine.Storage;

/// <summary>Evaluations, and what they say together, which is kept on the run.</summary>
internal static class EvaluationTable
{
    public static List<EvaluationReport> All(SqliteConnection connection, string runId) =>
        [.. connection.Query<string>("SELECT json FROM evaluations WHERE run = @runId ORDER BY step", new { runId })
            .Select(json => JsonSerializer.Deserialize<EvaluationReport>(json, RunJson.Compact)!)];

    public static EvaluationReport At(SqliteConnection connection, string runId, int step) =>
        JsonSerializer.Deserialize<EvaluationReport>(
            connection.QuerySingle<string>("SELECT json FROM evaluations WHERE run = @runId AND step = @step", new { runId, step }),
            RunJson.Compact)!;

    /// <summary>Mean seconds of a run's evaluations; NaN before the first.</summary>
    public static double MeanSeconds(SqliteConnection connection, string runId) => connection.ExecuteScalar<double?>(
        "SELECT avg(json_extract(json, '$.seconds')) FROM evaluations WHERE run = @runId", new { runId }) ?? double.NaN;

    /// <summary>Puts an evaluation in the place of an earlier one of the same step, whose rollouts go with it.</summary>
    public static void Put(SqliteConnection connection, string runId, EvaluationReport report)
    {
        connection.Execute("DELETE FROM rollouts WHERE run = @runId AND step = @Step", new { runId, report.Step });
        connection.Execute(
            "INSERT OR REPLACE INTO evaluations(run, step, proxy, gold, metrics, json)"
                + " VALUES(@runId, @Step, @proxy, @gold, @metrics, @json)",
            new
            {
                runId,
                report.Step,
                proxy = SqlNumber.OrNull(report.Proxy.Mean),
                gold = SqlNumber.OrNull(report.Gold.Mean),
                metrics = JsonSerializer.Serialize(report.Metrics, RunJson.Compact),
                json = JsonSerializer.Serialize(report, RunJson.Compact),
            });
        Assess(connection, runId);
    }

    /// <summary>Removes the evaluations beyond a step, and their rollouts.</summary>
    /// <returns>How many there were.</returns>
    public static int RemoveBeyond(SqliteConnection connection, string runId, int step)
    {
        connection.Execute("DELETE FROM rollouts WHERE run = @runId AND step > @step", new { runId, step });
        var removed = connection.Execute("DELETE FROM evaluations WHERE run = @runId AND step > @step", new { runId, step });
        if (removed > 0) Assess(connection, runId);
        return removed;
    }

    private static void Assess(SqliteConnection connection, string runId)
    {
        var evaluations = All(connection, runId);
        var report = evaluations.Count == 0 ? null : JsonSerializer.Serialize(Monotonicity.Assess(evaluations), RunJson.Compact);
        connection.Execute("UPDATE runs SET monotonicity = @report WHERE id = @runId", new { runId, report });
    }
}
