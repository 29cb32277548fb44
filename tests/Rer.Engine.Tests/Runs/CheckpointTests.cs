using System.Diagnostics;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;

namespace Rer.Engine.Tests.Runs;

/// <summary>What a resumed run makes of checkpoints that are not as they were written.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TinyStudy _study = new();
    private readonly RunStore _store;

    public CheckpointTests() => _store = RunStore.Open(_study.Folder("store"));

    public void Dispose()
    {
        _store.Dispose();
        _study.Dispose();
    }

    public static TheoryData<string, Action<string>, string> Damages => new()
    {
        { "a changed byte", folder => Change(Path.Combine(folder, "trainer.safetensors")),
            "trainer.safetensors: is not what was written (its SHA-256 has changed)" },
        { "a cut", folder => Cut(Path.Combine(folder, "adapter_model.safetensors")),
            "adapter_model.safetensors: is not what was written (its SHA-256 has changed)" },
        { "a missing file", folder => File.Delete(Path.Combine(folder, "trainer.json")), "trainer.json: is missing" },
        { "a damaged list", folder => File.WriteAllText(Path.Combine(folder, "SHA256SUMS"), "x"),
            "SHA256SUMS, line 1: is no checksum and file name" },
        { "another step's content", TakePreviousStepsContent, "holds the state of step 4, where that of step 8 belongs" },
        { "nothing", Empty, "trainer.json" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_checkpoint_is_named_and_the_one_before_it_is_taken(string what, Action<string> damage, string named)
    {
        Assert.NotNull(what);
        var id = Train(8);
        var folder = new CheckpointFolder(_store.RunFolder(id));
        damage(folder.PathOf(8));

        Extend(id, 12);

        var log = _store.EventsSince(id, 0).OfType<LogWritten>().ToArray();
        var warning = Assert.Single(log, line => line.Level == "warning");
        Assert.StartsWith("The checkpoint of step 8 is passed over. ", warning.Text);
        Assert.Contains(named, warning.Text);
        Assert.Contains(log, line => line.Text == "resumed from the checkpoint of step 4");
        Assert.Null(folder.Damage(8)); // written anew on the way

        using var whole = RunStore.Open(_study.Folder("whole"));
        var expected = Train(12, whole);
        SameRuns.Assert(whole, expected, _store, id);
    }

    [Fact]
    public void Folders_that_are_no_checkpoints_are_passed_over()
    {
        var id = Train(8);
        var root = Path.Combine(_store.RunFolder(id), "checkpoints");
        foreach (var stray in (string[])["step-", "step-5", "step-99999999999999999999", "step-00000012.writing", "step--0000001", "notes"])
            Directory.CreateDirectory(Path.Combine(root, stray));
        File.WriteAllText(Path.Combine(root, "step-00000016"), "");
        Assert.Equal([0, 4, 8], new CheckpointFolder(_store.RunFolder(id)).Steps);

        Extend(id, 12);

        Assert.DoesNotContain(_store.EventsSince(id, 0).OfType<LogWritten>(), line => line.Level == "warning");
    }

    [Fact]
    public void A_run_none_of_whose_checkpoints_can_be_used_is_not_begun_anew_unasked()
    {
        var id = Train(8);
        var folder = new CheckpointFolder(_store.RunFolder(id));
        foreach (var step in folder.Steps) Cut(Path.Combine(folder.PathOf(step), "adapter_model.safetensors"));

        Extend(id, 12, RunState.Failed);

        var reason = _store.Run(id)!.Reason;
        Assert.StartsWith("No checkpoint of this run can be used. The checkpoint of step 8 is passed over.", reason);
        Assert.Equal([0, 4, 8], _store.Evaluations(id).Select(evaluation => evaluation.Step));
    }

    [Fact]
    public void The_checksums_are_what_sha256sum_reads()
    {
        var id = Train(4);
        var folder = new CheckpointFolder(_store.RunFolder(id)).PathOf(4);
        Assert.Equal(
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Where(name => name != "SHA256SUMS").Order(StringComparer.Ordinal),
            File.ReadLines(Path.Combine(folder, "SHA256SUMS")).Select(line => line[66..]));
        if (!File.Exists("/usr/bin/sha256sum")) return;
        using var check = Process.Start(
            new ProcessStartInfo("/usr/bin/sha256sum", ["--check", "--strict", "--status", "SHA256SUMS"]) { WorkingDirectory = folder })!;
        check.WaitForExit();
        Assert.Equal(0, check.ExitCode);
    }

    [Fact]
    public void A_checkpoint_of_an_earlier_version_has_no_checksums_and_is_taken()
    {
        var id = Train(8);
        File.Delete(Path.Combine(new CheckpointFolder(_store.RunFolder(id)).PathOf(8), "SHA256SUMS"));
        Extend(id, 12);
        Assert.Contains(_store.EventsSince(id, 0).OfType<LogWritten>(), line => line.Text == "resumed from the checkpoint of step 8");
    }

    private string Train(int steps, RunStore? store = null)
    {
        store ??= _store;
        using var feed = new RunFeed(store);
        using var coordinator = Coordinator(store, feed);
        var id = coordinator.Launch(_study.Plan() with { Ppo = _study.Plan().Ppo with { Steps = steps } });
        Assert.Equal(RunState.Finished, coordinator.RunNow(id));
        return id;
    }

    private void Extend(string id, int steps, RunState end = RunState.Finished)
    {
        using var feed = new RunFeed(_store);
        using var coordinator = Coordinator(_store, feed);
        coordinator.Extend(id, steps);
        Assert.Equal(end, coordinator.RunNow(id));
    }

    private static RunCoordinator Coordinator(RunStore store, RunFeed feed) =>
        new(store, feed, (plan, context) => new RunSession(plan, context));

    private static void Change(string file)
    {
        var content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);
    }

    private static void Cut(string file)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.SetLength(stream.Length / 2);
    }

    private static void Empty(string folder)
    {
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    private static void TakePreviousStepsContent(string folder)
    {
        Empty(folder);
        foreach (var file in Directory.EnumerateFiles(folder.Replace("step-00000008", "step-00000004", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
