using Dapper;
using Microsoft.Data.Sqlite;

namespace Rer.Engine.Storage;

/// <summary>The tables, as a list of migrations: a store's `user_version` is the number of those it has seen.</summary>
internal static class StoreSchema
{
    /// <summary>Applied in order; a released entry never changes, a new version appends one.</summary>
    private static readonly string[] _migrations =
    [
        """
        CREATE TABLE runs(
            id TEXT PRIMARY KEY,
            plan TEXT NOT NULL, plan_hash TEXT NOT NULL,
            design TEXT NOT NULL, design_hash TEXT NOT NULL,
            state TEXT NOT NULL, reason TEXT,
            created TEXT NOT NULL, started TEXT, ended TEXT, active_since TEXT, active_seconds REAL NOT NULL DEFAULT 0,
            step INTEGER NOT NULL DEFAULT 0,
            tags TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', starred INTEGER NOT NULL DEFAULT 0,
            sweep_id TEXT, sweep_name TEXT,
            queue_position INTEGER,
            monotonicity TEXT,
            last_sequence INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX runs_queue ON runs(queue_position) WHERE queue_position IS NOT NULL;

        -- A step's figures are in metrics, an evaluation's in evaluations: their events here have no json of their own.
        CREATE TABLE events(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, step INTEGER, json TEXT,
            PRIMARY KEY(run, seq)
        ) WITHOUT ROWID;
        CREATE INDEX events_kind ON events(run, kind, seq);

        CREATE TABLE metric_names(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            position INTEGER NOT NULL, name TEXT NOT NULL,
            PRIMARY KEY(run, position)
        ) WITHOUT ROWID;
        -- row: little-endian doubles in the order of metric_names; a name added later is missing from earlier rows.
        CREATE TABLE metrics(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            step INTEGER NOT NULL, row BLOB NOT NULL,
            PRIMARY KEY(run, step)
        ) WITHOUT ROWID;

        CREATE TABLE evaluations(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            step INTEGER NOT NULL, proxy REAL, gold REAL, json TEXT NOT NULL,
            PRIMARY KEY(run, step)
        );

        CREATE TABLE rollout_items(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            item INTEGER NOT NULL, type TEXT, query TEXT NOT NULL, reference TEXT, dataset TEXT,
            PRIMARY KEY(run, item)
        );
        CREATE TABLE rollouts(
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            step INTEGER NOT NULL, item INTEGER NOT NULL, sample INTEGER NOT NULL, type TEXT,
            proxy REAL, gold REAL, proxy_rank REAL, gold_rank REAL,
            tokens INTEGER NOT NULL, eos INTEGER NOT NULL,
            response TEXT NOT NULL, features TEXT NOT NULL, factors TEXT NOT NULL
        );
        CREATE UNIQUE INDEX rollouts_place ON rollouts(run, step, item, sample);
        CREATE INDEX rollouts_type ON rollouts(run, type, step);
        CREATE INDEX rollouts_item ON rollouts(run, item, sample, step);
        """,
        """
        -- An evaluation's metrics by name, which lists and comparisons need without the rest of its json.
        ALTER TABLE evaluations ADD COLUMN metrics TEXT NOT NULL DEFAULT '{}';
        UPDATE evaluations SET metrics = (
            SELECT json_group_object(name, figure) FROM (
                SELECT CASE type.key WHEN 'OPENENDED' THEN 'OE' ELSE 'CE' END || '_self_bleu' AS name,
                    json_extract(type.value, '$.selfBleu') AS figure
                FROM json_each(evaluations.json, '$.byType') AS type
                UNION ALL SELECT 'length_mean', json_extract(evaluations.json, '$.lengthMean')
                UNION ALL SELECT 'eos_share', json_extract(evaluations.json, '$.endedWithEos'))
            WHERE figure IS NOT NULL);
        """,
    ];

    /// <summary>Brings the store to this program's version.</summary>
    /// <exception cref="StoreException">A newer program wrote the store, or it is none.</exception>
    public static void Migrate(SqliteConnection connection, string file)
    {
        // In one statement, so that no other program that opens a new store comes in between.
        var (version, tables, runs) = connection.QuerySingle<(int, int, int)>(
            """
            SELECT user_version, (SELECT count(*) FROM sqlite_master), (SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'runs')
            FROM pragma_user_version
            """);
        // Another program's database has tables of its own, and numbers its versions by a scheme that is not known here.
        if (version == 0 ? tables > 0 : runs == 0)
            throw new StoreException($"{file}: a database of another program, not a run store. Choose another folder.");
        if (version > _migrations.Length)
        {
            throw new StoreException(
                $"{file}: written by a newer version of rer (store version {version}, this program knows {_migrations.Length}). Update "
                    + "rer.");
        }

        if (version == _migrations.Length) return;
        // Two programs may open a new store at once: the second waits here and then finds nothing left to do.
        using var transaction = connection.BeginTransaction(deferred: false);
        for (var i = connection.ExecuteScalar<int>("PRAGMA user_version"); i < _migrations.Length; i++)
            connection.Execute(_migrations[i] + $"; PRAGMA user_version = {i + 1}");
        transaction.Commit();
    }
}
