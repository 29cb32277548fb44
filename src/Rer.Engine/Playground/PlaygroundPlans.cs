using Rer.Engine.Evaluation;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Playground;

/// <summary>Plans on the models and data that ship: a run of minutes on two CPU cores.</summary>
/// <param name="folder">The playground's folder, `data/playground`.</param>
public sealed class PlaygroundPlans(string folder)
{
    /// <summary>The prompt template that the playground's models were trained with.</summary>
    public const string Template = "newline";

    /// <summary>Maximum tokens per response.</summary>
    public const int MaxResponseTokens = 64;

    /// <summary>PPO steps of the default plan.</summary>
    public const int DefaultSteps = 1000;

    /// <summary>Steps between evaluations of the default plan.</summary>
    public const int DefaultEvaluateEvery = 100;

    /// <summary>Seeds of the shipped study.</summary>
    public static IReadOnlyList<int> StudySeeds { get; } = [1, 2, 3];

    private static readonly string Relative = Path.Combine("data", "playground");

    /// <summary>The playground's folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>Preference pairs that the gold model was not trained on.</summary>
    public string HeldOutPairs => Path.Combine(Folder, PlaygroundData.HeldOutPairs);

    /// <summary>The designs of the study, in the order of its figures.</summary>
    public static IReadOnlyList<RewardPreset> Designs { get; } =
        [.. new[] { "LI", "LI*RP*QR", "RER" }.Select(name => RewardDesign.Presets.First(preset => preset.Name == name))];

    /// <summary>
    /// The playground that ships, looked for in `data/playground` of <paramref name="start"/> and of every folder above it, then of the
    /// program's own folder and above that.
    /// </summary>
    /// <param name="start">Where to begin; null is the current folder.</param>
    /// <returns>Null where there is none.</returns>
    public static PlaygroundPlans? Find(string? start = null)
    {
        foreach (var origin in new[] { start ?? Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(origin); folder is not null; folder = folder.Parent)
            {
                var playground = Path.Combine(folder.FullName, Relative);
                if (File.Exists(Path.Combine(playground, PlaygroundData.Training))) return new PlaygroundPlans(Shortest(playground));
            }
        }

        return null;
    }

    /// <summary>The default plan: 1,000 steps of batch 16, evaluation every 100 on 240 queries, 4 responses each.</summary>
    /// <param name="design">The reward.</param>
    /// <param name="seed">Random seed.</param>
    /// <param name="steps">PPO steps.</param>
    /// <param name="evaluateEvery">Steps between evaluations.</param>
    public RunPlan Plan(RewardDesign design, int seed = 1, int steps = DefaultSteps, int evaluateEvery = DefaultEvaluateEvery) => new()
    {
        Design = design,
        Policy = Path.Combine(Folder, "policy"),
        Data = Path.Combine(Folder, PlaygroundData.Training),
        EvaluationData = Path.Combine(Folder, PlaygroundData.Evaluation),
        Gold = Path.Combine(Folder, "gold"),
        Relevance = "lexical",
        Template = Template,
        Ppo = new PpoOptions
        {
            Steps = steps,
            BatchSize = 16,
            MiniBatchSize = 8,
            GradientAccumulation = 1,
            // The paper's 1e-5 and .2 are for 7 B parameters. A policy of a million moves half a nat in 240 steps at 7e-5, and LI reaches
            // the length cap within 150 at 1e-3; between them a thousand steps show a rise and a fall.
            LearningRate = 5e-4,
            KlCoefficient = 0.1,
            MaxResponseTokens = MaxResponseTokens,
        },
        Evaluation = new EvaluationOptions { Every = evaluateEvery, Responses = 4, BatchSize = 60 },
        Seed = seed,
        Device = "cpu",
    };

    /// <summary>
    /// The study's plans on a plan's models and data: each of <see cref="Designs"/> by each seed, seeds of a design together.
    /// </summary>
    /// <param name="plan">What they have in common.</param>
    /// <param name="seeds">Seeds; <see cref="StudySeeds"/> where none are given.</param>
    public static IReadOnlyList<RunPlan> Study(RunPlan plan, params int[] seeds) =>
        [.. from preset in Designs
            from seed in seeds.Length > 0 ? seeds : StudySeeds select plan with { Design = preset.Design, Seed = seed }];

    /// <summary>The paper's cadence: 5,000 steps, evaluation every 500.</summary>
    public RunPlan LongPlan(RewardDesign design, int seed = 1) => Plan(design, seed, steps: 5000, evaluateEvery: 500);

    /// <summary>
    /// The plan with its models and data under the paths that they have in the repository, wherever they lie: its hash is then the same
    /// from any folder.
    /// </summary>
    internal static RunPlan WithShippedPaths(RunPlan plan)
    {
        return plan with
        {
            Policy = Shipped(plan.Policy),
            Data = Shipped(plan.Data),
            EvaluationData = plan.EvaluationData is { } data ? Shipped(data) : null,
            Gold = plan.Gold is { } gold ? Shipped(gold) : null,
        };

        static string Shipped(string path) => Path.Combine(Relative, Path.GetFileName(path));
    }

    /// <summary>Relative where it lies below the current folder: then a plan's hash is the same on every machine.</summary>
    private static string Shortest(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
