using System.Text.Json;
using System.Text.Json.Nodes;
using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Evaluation.Metrics;
using Rer.Engine.Models;
using Rer.Engine.Models.Weights;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Export;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Training;
using static TorchSharp.torch;

namespace Rer.Engine.Tests.Runs;

/// <summary>Whole runs on the real engine.</summary>
public sealed class RunSessionTests
{
    [Fact]
    public void A_run_trains_evaluates_and_saves_at_its_cadence()
    {
        using var study = new TinyStudy();
        using var store = RunStore.Open(study.Folder("store"));
        var run = Drive(store, study.Plan());
        Assert.Equal(RunState.Finished, run.State);

        var evaluations = store.Evaluations(run.Id);
        Assert.Equal([0, 4, 8, 12, 16, 20, 24], evaluations.Select(e => e.Step));
        Assert.All(evaluations, e =>
        {
            Assert.True(double.IsFinite(e.Gold.Mean) && e.Gold.Low <= e.Gold.Mean && e.Gold.Mean <= e.Gold.High);
            Assert.Equal([QueryType.OpenEnded, QueryType.ClosedEnded], e.ByType.Keys.Order());
            Assert.Equal(EvaluationMetrics.Columns.Select(column => column.Name).Order(), e.Metrics.Keys.Order());
            Assert.All(["OE_self_bleu", "CE_self_bleu", "eos_share"], name => Assert.InRange(e.Metrics[name], 0, 1));
            Assert.Equal(6, e.ProxyByQuery.Length);
            Assert.Contains("LI*RP*QR", e.PresetProxies.Keys);
        });
        Assert.Equal(7, new CheckpointFolder(store.RunFolder(run.Id)).Steps.Count);
        Assert.Equal(24, store.Metrics(run.Id, [Metric.ProxyMean])[0].Steps.Length);
        Assert.Equal(12, store.Rollouts(new RolloutQuery { RunId = run.Id, Step = 24 }).Total);
    }

    [Fact]
    public void Responses_that_gold_reads_only_in_part_are_counted_by_type_and_kept_with_the_evaluation()
    {
        using var study = new TinyStudy();
        var file = Path.Combine(study.Gold, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(file))!;
        config["max_position_embeddings"] = 4;
        File.WriteAllText(file, config.ToJsonString());
        using var store = RunStore.Open(study.Folder("store"));
        var run = Drive(store, study.Plan() with { Ppo = study.Plan().Ppo with { Steps = 2 } });

        var cuts = store.Evaluations(run.Id)[0].Cuts!;
        Assert.Equal(new CutCount(12, 12, 0), cuts.All);
        Assert.Equal(new CutCount(6, 6, 0), cuts.ByType[QueryType.ClosedEnded]);
        Assert.StartsWith("Gold read only a part of 12 of 12 responses (open-ended 6 of 6, closed-ended 6 of 6):",
            Assert.Single(cuts.Sentences()));
        using var csv = new StringWriter();
        new RunExport(store, run.Id).WriteEvaluations(csv);
        Assert.EndsWith(",gold_cut,relevance_cut,OE_gold_cut,OE_relevance_cut,CE_gold_cut,CE_relevance_cut", csv.ToString().Split('\n')[0]);
        Assert.EndsWith(",12,0,6,0,6,0", csv.ToString().Split('\n')[1]);
    }

    [Fact]
    public void Where_all_is_read_nothing_is_said_and_without_a_gold_model_nothing_is_known()
    {
        using var study = new TinyStudy();
        using var store = RunStore.Open(study.Folder("store"));
        var plan = study.Plan() with { Ppo = study.Plan().Ppo with { Steps = 2 } };
        var whole = store.Evaluations(Drive(store, plan).Id)[0].Cuts!;
        Assert.Equal((new CutCount(12, 0, 0), false), (whole.All, whole.Any));
        Assert.Empty(whole.Sentences());
        Assert.Null(store.Evaluations(Drive(store, plan with { Gold = null }).Id)[0].Cuts!.All.Gold);
    }

    [Fact]
    public void The_adapter_of_a_checkpoint_loads_as_PEFT_writes_it()
    {
        using var study = new TinyStudy();
        using var store = RunStore.Open(study.Folder("store"));
        var run = Drive(store, study.Plan() with { Ppo = study.Plan().Ppo with { Steps = 4 } });
        var folder = new CheckpointFolder(store.RunFolder(run.Id)).PathOf(4);
        using var model = CausalLm.Load(study.Policy, CPU, ScalarType.Float32);
        model.LoadAdapter(folder);
        Assert.All(model.Adapter!.Adapters, a => Assert.NotEqual(0, a.B.abs().sum().item<float>()));
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json")));
        Assert.Equal("LORA", config.RootElement.GetProperty("peft_type").GetString());
    }

    [Fact]
    public void A_stop_finishes_the_step_and_a_resume_repeats_what_the_whole_run_does()
    {
        using var study = new TinyStudy();
        using var whole = RunStore.Open(study.Folder("whole"));
        using var parts = RunStore.Open(study.Folder("parts"));
        var expected = Drive(whole, study.Plan());

        string id;
        using var stop = new CancellationTokenSource();
        parts.Changed += StopAfterStepSix; // between two evaluations
        using (var feed = new RunFeed(parts))
        using (var coordinator = new RunCoordinator(parts, feed, (plan, context) => new RunSession(plan, context)))
        {
            id = coordinator.Launch(study.Plan());
            Assert.Equal(RunState.Stopped, coordinator.RunNow(id, stop.Token));
        }

        parts.Changed -= StopAfterStepSix;
        Assert.Equal(6, parts.Run(id)!.Step);
        using (var feed = new RunFeed(parts))
        using (var coordinator = new RunCoordinator(parts, feed, (plan, context) => new RunSession(plan, context)))
        {
            Assert.Equal(RunState.Finished, coordinator.RunNow(id));
        }

        SameRuns.Assert(whole, expected.Id, parts, id);

        void StopAfterStepSix(string run)
        {
            if (parts.Run(run)!.Step == 6) stop.Cancel();
        }
    }

    [Fact]
    public void A_gold_model_that_returns_NaN_fails_the_run_and_leaves_what_was_written()
    {
        using var study = new TinyStudy();
        PoisonGold(study.Gold);
        using var store = RunStore.Open(study.Folder("store"));
        var run = Drive(store, study.Plan());
        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("NaN", run.Reason, StringComparison.Ordinal);
        Assert.Empty(store.Evaluations(run.Id));
    }

    [Fact]
    public void A_disk_that_fills_up_while_saving_fails_the_run_and_earlier_checkpoints_stand()
    {
        using var study = new TinyStudy();
        var folder = new CheckpointFolder(study.Folder("run"));
        folder.Save(4, to => File.WriteAllText(Path.Combine(to, "adapter"), "good"));
        var error = Assert.Throws<IOException>(() => folder.Save(8, to =>
        {
            File.WriteAllText(Path.Combine(to, "adapter"), "half");
            throw new IOException("No space left on device");
        }));
        Assert.Contains("the checkpoint of step 8 could not be written (No space left on device)", error.Message, StringComparison.Ordinal);
        Assert.Equal([4], folder.Steps);
        Assert.Equal("good", File.ReadAllText(Path.Combine(folder.PathOf(4), "adapter")));
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_an_error_before_the_run_unless_the_plan_skips_it()
    {
        using var study = new TinyStudy();
        var rows = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(File.ReadAllText(study.Data))!;
        rows[3]["input"] = new string('x', 60);
        File.WriteAllText(study.Data, JsonSerializer.Serialize(rows));

        var error = Assert.Single(study.Plan().Validate());
        Assert.Contains("item 3: the prompt has 60 tokens, and 1 to 56 are allowed", error.Message, StringComparison.Ordinal);
        Assert.Empty((study.Plan() with { SkipLongPrompts = true }).Validate());
    }

    [Fact]
    public void A_tokenizer_larger_than_the_model_is_an_error_before_the_run()
    {
        using var study = new TinyStudy();
        var config = Path.Combine(study.Policy, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"vocab_size\": 259", "\"vocab_size\": 200", StringComparison.Ordinal));
        // Ids that end a response are checked by themselves: these stay within the smaller vocabulary.
        foreach (var file in Directory.GetFiles(study.Policy, "*config.json"))
            File.WriteAllText(file,
                System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(file), "\"eos_token_id\": \\d+", "\"eos_token_id\": 1"));
        var errors = study.Plan().Validate();
        Assert.All(errors, error => Assert.Equal("policy", error.Option));
        Assert.Contains(errors,
            error => error.Message.Contains("the tokenizer has ids up to 258 but the model's embedding holds 200 rows",
                StringComparison.Ordinal));
    }

    private static RunRecord Drive(RunStore store, RunPlan plan)
    {
        using var feed = new RunFeed(store);
        using var coordinator = new RunCoordinator(store, feed, (p, context) => new RunSession(p, context));
        var id = coordinator.Launch(plan);
        coordinator.RunNow(id);
        return store.Run(id)!;
    }

    private static void PoisonGold(string folder)
    {
        var path = Path.Combine(folder, "model.safetensors");
        var tensors = new Dictionary<string, Tensor>();
        using (var file = Safetensors.Open(path))
        {
            foreach (var name in file.Entries.Keys) tensors[name] = file.Read(name).clone();
        }

        tensors["score.weight"].fill_(double.NaN);
        SafetensorsWriter.Write(path, tensors);
    }
}
