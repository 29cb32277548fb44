using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Storage;
using Rer.Engine.Tests.Runs;
using Rer.Engine.Training;

namespace Rer.Engine.Tests.Storage;

/// <summary>A store in one SQLite file.</summary>
public sealed class RunStoreTests : RunStoreContract
{
    // Its file is there when a test looks into it.
    public RunStoreTests() => _ = Store;

    protected override IRunStore Open(string folder) => RunStore.Open(folder);

    [Fact]
    public void A_store_of_a_newer_program_is_refused()
    {
        Execute("PRAGMA user_version = 99");
        var error = Assert.Throws<StoreException>(() => RunStore.Open(Folder));
        Assert.Contains("newer version of rer (store version 99", error.Message);
    }

    [Fact]
    public void A_store_of_the_first_version_opens_with_the_metrics_of_its_evaluations()
    {
        var evaluation = Samples.Evaluation(1);
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [new EvaluationCompleted(evaluation)]);
        var json = JsonSerializer.SerializeToNode(evaluation, RunJson.Compact)!.AsObject();
        json.Remove("metrics");
        (json["lengthMean"], json["endedWithEos"], json["byType"]!["OPENENDED"]!["selfBleu"]) = (12, 0.5, 0.25);
        Execute(
            "UPDATE evaluations SET json = @json; ALTER TABLE evaluations DROP COLUMN metrics; PRAGMA user_version = 1",
            new { json = json.ToJsonString() });

        Reopen();

        Assert.Equivalent(evaluation, Store.Evaluations("r1").Single(), strict: true);
        Assert.Equivalent(evaluation.Metrics, Store.Run("r1")!.Points.Single().Metrics, strict: true);
    }

    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        Store.Dispose();
        File.WriteAllText(Path.Combine(Folder, RunStore.FileName), new string('x', 5_000));
        var error = Assert.Throws<StoreException>(() => RunStore.Open(Folder));
        Assert.Contains("rer.db: not a run store, or a damaged one.", error.Message);
    }

    [Theory]
    [InlineData("CREATE TABLE accounts(id INTEGER)")]
    [InlineData("CREATE TABLE accounts(id INTEGER); PRAGMA user_version = 1")]
    public void A_database_of_another_program_is_refused_and_left_as_it_is(string sql)
    {
        Store.Dispose();
        var folder = Path.Combine(Folder, "other");
        Directory.CreateDirectory(folder);
        using (var other = new SqliteConnection($"Data Source={Path.Combine(folder, RunStore.FileName)};Pooling=False"))
        {
            other.Open();
            other.Execute(sql);
        }

        var error = Assert.Throws<StoreException>(() => RunStore.Open(folder));

        Assert.EndsWith("rer.db: a database of another program, not a run store. Choose another folder.", error.Message);
        using var after = new SqliteConnection($"Data Source={Path.Combine(folder, RunStore.FileName)};Pooling=False");
        after.Open();
        Assert.Equal(["accounts"], after.Query<string>("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(Folder, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<StoreException>(() => RunStore.Open(Path.Combine(file, "store")));
        Assert.StartsWith(Path.Combine(file, "store") + ": the folder cannot be made", error.Message);
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_named()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Not even root may write here.
        var error = Assert.Throws<StoreException>(() => RunStore.Open("/proc/self/fdinfo"));
        Assert.Equal(
            "/proc/self/fdinfo/rer.db: cannot be written. Give this user write permission on the file and its folder, or choose another "
                + "folder.",
            error.Message);
    }

    [Fact]
    public void A_store_that_is_not_there_is_an_error_where_none_is_to_be_made()
    {
        var folder = Path.Combine(Folder, "none");
        var error = Assert.Throws<StoreException>(() => RunStore.Open(folder, create: false));
        Assert.Equal($"{folder}: no run store here (rer.db is missing).", error.Message);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_full_disk_is_said_so_and_what_was_written_stands()
    {
        Store.Add(Samples.Record("r1"));
        Store.Append("r1", [Samples.Step(1)]);
        ((RunStore)Store).SimulateFullDisk(true);

        var error = Assert.Throws<StoreException>(() => Store.Append("r1", [new LogWritten("info", 1, new string('x', 1_000_000))]));

        Assert.EndsWith("rer.db: the disk is full. Free some space, then resume the run; what was written before stands.", error.Message);
        Assert.Single(Store.EventsSince("r1", 0));
    }

    private void Execute(string sql, object? parameters = null)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, RunStore.FileName)}");
        connection.Open();
        connection.Execute(sql, parameters);
    }
}
