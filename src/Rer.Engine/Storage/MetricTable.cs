using System.Buffers.Binary;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Runs.Events;
using Rer.Engine.Training;
using SQLitePCL;

namespace Rer.Engine.Storage;

/// <summary>Metrics: one row of doubles a step, their order kept once a run.</summary>
internal static class MetricTable
{
    public static void Insert(SqliteConnection connection, string runId, StepReport report)
    {
        var names = Names(connection, runId);
        foreach (var name in report.Values.Keys.Except(names).ToArray())
        {
            connection.Execute(
                "INSERT INTO metric_names(run, position, name) VALUES(@runId, @position, @name)",
                new { runId, position = names.Count, name });
            names.Add(name);
        }

        var row = new byte[names.Count * sizeof(double)];
        for (var i = 0; i < names.Count; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(row.AsSpan(i * sizeof(double)), report[names[i]]);
        connection.Execute(
            "INSERT INTO metrics(run, step, row) VALUES(@runId, @step, @row)", new { runId, step = report.Step, row });
    }

    public static List<string> Names(SqliteConnection connection, string runId) =>
        connection.Query<string>("SELECT name FROM metric_names WHERE run = @runId ORDER BY position", new { runId }).AsList();

    /// <summary>The report of every step in [first, last].</summary>
    public static IEnumerable<StepReport> Reports(SqliteConnection connection, string runId, int first, int last)
    {
        var names = Names(connection, runId);
        using var reader = connection.ExecuteReader(
            "SELECT step, row FROM metrics WHERE run = @runId AND step BETWEEN @first AND @last ORDER BY step", new { runId, first, last });
        while (reader.Read())
        {
            var row = (byte[])reader.GetValue(1);
            var values = new Dictionary<string, double>(names.Count);
            for (var i = 0; i < row.Length / sizeof(double); i++) values[names[i]] = Value(row, i);
            yield return new StepReport(reader.GetInt32(0), values);
        }
    }

    /// <summary>
    /// The series of <paramref name="names"/>, each thinned to <paramref name="maxPoints"/>; <paramref name="watch"/> sees the metrics
    /// <paramref name="watched"/> of every step.
    /// </summary>
    public static List<MetricSeries> Series(
        SqliteConnection connection, string runId, IReadOnlyList<string> names, int maxPoints, IReadOnlyList<string> watched,
        StepReader? watch)
    {
        if (names.Count == 0 && watch is null) return [];
        var known = Names(connection, runId);
        var positions = names.Select(name => known.IndexOf(name)).ToArray();
        var shown = watched.Select(name => known.IndexOf(name)).ToArray();
        var values = new double[shown.Length];
        var count = names.Count == 0 ? 0
            : connection.ExecuteScalar<int>("SELECT count(*) FROM metrics WHERE run = @runId", new { runId });
        var thinning = names.Select(_ => new MinMaxThinning(count, maxPoints)).ToArray();

        EachRow(connection, runId, (step, row) =>
        {
            for (var i = 0; i < positions.Length; i++) thinning[i].Add(step, Value(row, positions[i]));
            if (watch is null) return;
            for (var i = 0; i < shown.Length; i++) values[i] = Value(row, shown[i]);
            watch(step, values);
        });
        return [.. names.Select((name, i) => thinning[i].Finish(name))];
    }

    /// <summary>The newest <paramref name="count"/> values of a metric, oldest first.</summary>
    public static double[] Newest(SqliteConnection connection, string runId, string name, int count)
    {
        var position = Names(connection, runId).IndexOf(name);
        if (position < 0) return [];
        return [.. connection.Query<byte[]>("SELECT row FROM metrics WHERE run = @runId ORDER BY step DESC LIMIT @count",
            new { runId, count })
            .Select(row => Value(row, position)).Reverse()];
    }

    // A run of 100,000 steps is read whole to be thinned: through the library itself no row is copied, and none is left to the collector.
    private static void EachRow(SqliteConnection connection, string runId, RowReader read)
    {
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v2(connection.Handle, "SELECT step, row FROM metrics WHERE run = ? ORDER BY step", out var statement),
            connection.Handle);
        using (statement)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(statement, 1, runId), connection.Handle);
            int code;
            while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                read(raw.sqlite3_column_int(statement, 0), raw.sqlite3_column_blob(statement, 1));
            if (code != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, connection.Handle);
        }
    }

    private static double Value(ReadOnlySpan<byte> row, int position) =>
        position >= 0 && (position + 1) * sizeof(double) <= row.Length
            ? BinaryPrimitives.ReadDoubleLittleEndian(row[(position * sizeof(double))..])
            : double.NaN;

    private delegate void RowReader(int step, ReadOnlySpan<byte> row);
}
