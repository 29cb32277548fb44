using System.Data;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Statistics;
using Rer.Engine.Runs.Events;

namespace Rer.Engine.Storage;

/// <summary>Rollouts: a query and its reference are stored once a run, responses once a checkpoint.</summary>
internal static class RolloutTable
{
    private const string Insertion =
        """
        INSERT INTO rollouts(run, step, item, sample, type, proxy, gold, proxy_rank, gold_rank, tokens, eos, response, features, factors)
        VALUES($run, $step, $item, $sample, $type, $proxy, $gold, $proxyRank, $goldRank, $tokens, $eos, $response, $features, $factors)
        """;

    public static void Insert(SqliteConnection connection, string runId, IReadOnlyList<EvaluationSample> rollouts)
    {
        foreach (var item in rollouts.DistinctBy(r => r.Item))
        {
            connection.Execute(
                """
                INSERT OR IGNORE INTO rollout_items(run, item, type, query, reference, dataset)
                VALUES(@runId, @Item, @Type, @Query, @Reference, @Dataset)
                """,
                new { runId, item.Item, Type = item.QueryType?.Code(), item.Query, item.Reference, item.Dataset });
        }

        var proxyRanks = Ranks(rollouts, r => r.Proxy);
        var goldRanks = Ranks(rollouts, r => r.Gold);
        for (var i = 0; i < rollouts.Count; i++)
        {
            var r = rollouts[i];
            connection.Execute(
                Insertion,
                new
                {
                    run = runId,
                    step = r.Step,
                    item = r.Item,
                    sample = r.Sample,
                    type = r.QueryType?.Code(),
                    proxy = SqlNumber.OrNull(r.Proxy),
                    gold = SqlNumber.OrNull(r.Gold),
                    proxyRank = SqlNumber.OrNull(proxyRanks[i]),
                    goldRank = SqlNumber.OrNull(goldRanks[i]),
                    tokens = r.Tokens,
                    eos = r.EndedWithEos,
                    response = r.Response,
                    features = JsonSerializer.Serialize(r.Features, RunJson.Compact),
                    factors = JsonSerializer.Serialize(r.Factors, RunJson.Compact),
                });
        }
    }

    public static RolloutPage Find(SqliteConnection connection, RolloutQuery query)
    {
        var (where, parameters) = Conditions(connection, query);
        var direction = query.Descending ? "DESC" : "ASC";
        var order = query.Sort switch
        {
            RolloutSort.Proxy => $"proxy {direction}, step, item, sample",
            RolloutSort.Gold => $"gold {direction}, step, item, sample",
            RolloutSort.Length => $"tokens {direction}, step, item, sample",
            RolloutSort.Disagreement => $"abs(proxy_rank - gold_rank) {direction}, step, item, sample",
            _ => $"step {direction}, item {direction}, sample {direction}",
        };

        // Which rows, in order: row numbers alone, so that SQLite carries no text through its sorter and searches a text once.
        var places = connection.Query<long>($"SELECT rowid FROM rollouts WHERE {where} ORDER BY {order}", parameters).AsList();
        var page = places.Skip(Math.Max(0, query.Offset)).Take(Math.Clamp(query.Limit, 0, RolloutQuery.MaxLimit)).ToArray();
        return new RolloutPage(places.Count, Read(connection, page));
    }

    private static RankedRollout[] Read(SqliteConnection connection, long[] places)
    {
        using var reader = connection.ExecuteReader(
            $"""
            SELECT r.step, r.item, r.sample, r.type, i.query, i.reference, r.response, r.proxy, r.gold,
                   r.proxy_rank, r.gold_rank, r.tokens, r.eos, r.features, r.factors, i.dataset, r.rowid
            FROM rollouts r JOIN rollout_items i ON i.run = r.run AND i.item = r.item
            WHERE r.rowid IN ({string.Join(',', places)})
            """);
        var rows = new Dictionary<long, RankedRollout>(places.Length);
        while (reader.Read()) rows.Add(reader.GetInt64(16), Read(reader));
        return Array.ConvertAll(places, place => rows[place]);
    }

    private static (string Where, DynamicParameters Parameters) Conditions(SqliteConnection connection, RolloutQuery query)
    {
        var where = new StringBuilder("run = @run");
        var parameters = new DynamicParameters(new { run = query.RunId });
        Restrict("step", query.Step);
        Restrict("type", query.QueryType?.Code());
        Restrict("item", query.Item);
        Restrict("sample", query.Sample);
        Restrict("eos", query.EndedWithEos);
        if (!string.IsNullOrEmpty(query.Text))
        {
            parameters.Add("text", RunTable.ContainsPattern(query.Text));
            // The queries are few and the responses many: find the matching queries once, beforehand.
            var items = connection.Query<int>(
                @"SELECT item FROM rollout_items WHERE run = @run AND query LIKE @text ESCAPE '\'", parameters);
            where.Append(@" AND (response LIKE @text ESCAPE '\' OR item IN (").AppendJoin(',', items).Append("))");
        }

        return (where.ToString(), parameters);

        void Restrict(string column, object? value)
        {
            if (value is null) return;
            where.Append($" AND {column} = @{column}");
            parameters.Add(column, value);
        }
    }

    private static RankedRollout Read(IDataReader reader)
    {
        var rollout = new EvaluationSample
        {
            Step = reader.GetInt32(0),
            Item = reader.GetInt32(1),
            Sample = reader.GetInt32(2),
            QueryType = reader.IsDBNull(3) ? null : QueryTypes.Parse(reader.GetString(3)),
            Query = reader.GetString(4),
            Reference = reader.IsDBNull(5) ? null : reader.GetString(5),
            Response = reader.GetString(6),
            Proxy = Number(7),
            Gold = Number(8),
            Tokens = reader.GetInt32(11),
            EndedWithEos = reader.GetBoolean(12),
            Features = Values(13),
            Factors = Values(14),
            Dataset = reader.IsDBNull(15) ? null : reader.GetString(15),
        };
        return new RankedRollout(rollout, Number(9), Number(10));

        double Number(int column) => reader.IsDBNull(column) ? double.NaN : reader.GetDouble(column);

        Dictionary<string, double> Values(int column) =>
            JsonSerializer.Deserialize<Dictionary<string, double>>(reader.GetString(column), RunJson.Compact)!;
    }

    /// <summary>Mean ranks of a step's scores; NaN where there are no scores to rank.</summary>
    private static double[] Ranks(IReadOnlyList<EvaluationSample> rollouts, Func<EvaluationSample, double> score)
    {
        double[] scores = [.. rollouts.Select(score)];
        return scores.Any(double.IsNaN) ? [.. scores.Select(_ => double.NaN)] : Correlation.Ranks(scores);
    }
}
