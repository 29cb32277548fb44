using Rer.Engine.Data.Prompts;
using Rer.Engine.Evaluation;
using Rer.Engine.Models;
using Rer.Engine.Models.Architectures;
using Rer.Engine.Rewards;
using Rer.Engine.Runs;
using Rer.Engine.Runs.Events;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Runs.Queue;
using Rer.Engine.Runs.Session;
using Rer.Engine.Storage;
using Rer.Engine.Tests;
using Rer.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Rer.DeviceCheck;

/// <summary>
/// Twenty PPO steps on a Llama of half a billion random weights, by the same session that a run of the dashboard uses: ten steps, an
/// evaluation, a checkpoint; then a new session that resumes from it for the other ten.
/// </summary>
internal static class TrainingCheck
{
    private const int Steps = 20;

    /// <summary>Steps whose speed is not counted: the device warms up.</summary>
    private const int WarmUp = 2;

    public static bool Run(Device device, bool small, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("rer-device-check-").FullName;
        try
        {
            var plan = Plan(folder, device, small);
            output.WriteLine(
                $"PPO, {Steps} steps with evaluation and resume, {(small ? "a small" : "a 0.5 B")} random Llama, {plan.DType}");
            return Train(plan, folder, device, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Train(RunPlan plan, string folder, Device device, TextWriter output)
    {
        using var store = RunStore.Open(Path.Combine(folder, "store"));
        using var feed = new RunFeed(store);
        RunCoordinator Coordinator() => new(store, feed, (plan, context) => new RunSession(plan, context));
        string run;
        using (var first = Coordinator())
        {
            run = first.Launch(plan with { Ppo = plan.Ppo with { Steps = Steps / 2 } });
            first.RunNow(run);
        }

        // As another process would, which finds the checkpoint of the first.
        using var second = Coordinator();
        second.Extend(run, Steps);
        var state = second.RunNow(run);
        output.WriteLine($"  {state} at step {store.Run(run)!.Step}{(store.Run(run)!.Reason is { } reason ? $": {reason}" : "")}");
        if (state != RunState.Finished) return false;

        var steps = store.EventsSince(run, 0).OfType<StepCompleted>().Select(step => step.Report).ToList();
        var evaluations = store.Evaluations(run);
        var resumed = steps.Select(step => step.Step).SequenceEqual(Enumerable.Range(1, Steps));
        var evaluated = evaluations.Select(point => point.Step).SequenceEqual([0, Steps / 2, Steps]);
        var finite = steps.All(step => double.IsFinite(step[Metric.TotalLoss]) && double.IsFinite(step[Metric.GradientNorm]));
        output.WriteLine(
            $"  every step once: {Verdict(resumed)}; evaluations at 0, {Steps / 2}, {Steps}: {Verdict(evaluated)}; losses finite: "
                + $"{Verdict(finite)}");
        ReportSpeed(plan, [.. steps.Skip(WarmUp)], output);
        return resumed && evaluated && finite;
    }

    private static void ReportSpeed(RunPlan plan, IReadOnlyList<StepReport> steps, TextWriter output)
    {
        var prompts = new PromptEncoder(plan).Encode(PromptSet.Load(plan.Data)).Prompts;
        var responseTokens = plan.Ppo.BatchSize * steps.Average(step => step[Metric.LengthMean]);
        var tokens = responseTokens + (plan.Ppo.BatchSize * prompts.Average(prompt => prompt.Ids.Length));
        Line("generate", responseTokens, Metric.SecondsGenerate);
        // Policy and reference; in float32 what the policy says is taken down while it samples.
        Line("forward", (plan.DType == "float32" ? 1 : 2) * tokens, Metric.SecondsForward);
        Line("train", plan.Ppo.Epochs * tokens, Metric.SecondsUpdate);
        Line("whole step", responseTokens, Metric.SecondsStep);
        output.WriteLine($"  peak memory {steps.Max(step => step[Metric.PeakMemory]) / 1e9:f2} GB");

        void Line(string phase, double count, string metric)
        {
            var seconds = steps.Select(step => step[metric]).Order().ElementAt(steps.Count / 2);
            output.WriteLine($"  {phase,-11}{count / seconds,10:f0} tokens/s   ({seconds:f3} s)");
        }
    }

    private static RunPlan Plan(string folder, Device device, bool small)
    {
        var playground = RepositoryRoot.File("data", "playground");
        var policy = Path.Combine(folder, "policy");
        Directory.CreateDirectory(policy);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(playground, "policy"), "*token*"))
            File.Copy(file, Path.Combine(policy, Path.GetFileName(file)));
        using (var model = CausalLm.Create(small ? Small : HalfBillion, seed: 1, device)) model.SaveFolder(policy);

        return new RunPlan
        {
            Design = RewardDesign.Parse("LI*RP*QR"),
            Policy = policy,
            Data = Path.Combine(playground, "train.json"),
            EvaluationData = Path.Combine(playground, "evaluation.json"),
            Gold = Path.Combine(playground, "gold"),
            Device = device.ToString(),
            DType = device.type == DeviceType.CUDA ? "bfloat16" : "float32",
            Ppo = new PpoOptions { Steps = Steps, MaxResponseTokens = small ? 16 : 128, MiniBatchSize = 8, GradientAccumulation = 2 },
            Evaluation = new EvaluationOptions { Every = Steps / 2, Queries = 8, Responses = 2 },
        };
    }

    private static string Verdict(bool good) => good ? "yes" : "NO";

    public static ModelConfig HalfBillion => new()
    {
        VocabularySize = 32_000,
        HiddenSize = 1024,
        IntermediateSize = 4096,
        Layers = 24,
        Heads = 16,
        KeyValueHeads = 16,
        HeadSize = 64,
        MaxPositions = 2048,
        EosIds = [2],
    };

    public static ModelConfig Small => HalfBillion with
    {
        VocabularySize = 4096,
        HiddenSize = 32,
        IntermediateSize = 64,
        Layers = 2,
        Heads = 4,
        KeyValueHeads = 4,
        HeadSize = 8,
        MaxPositions = 512,
    };
}
