using System.Text.Json.Serialization;
using Rer.Engine.Rewards;
using Rer.Engine.Runs.Planning;
using Rer.Engine.Training;

namespace Rer.Engine.Runs.Measuring;

/// <summary>How long a plan's step and evaluation take, measured on this machine with responses of two lengths.</summary>
/// <remarks>
/// Responses grow under some designs and shrink under others: a run lies between its responses as they are now and every one at its limit.
/// </remarks>
public sealed record PlanMeasurement
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds of a training step with responses as the untrained policy writes them.</summary>
    public required double SecondsPerStep { get; init; }

    /// <summary>Seconds of a training step with every response at its limit.</summary>
    public required double LongestSecondsPerStep { get; init; }

    /// <summary>Seconds of an evaluation with responses as the untrained policy writes them.</summary>
    public required double SecondsPerEvaluation { get; init; }

    /// <summary>Seconds of an evaluation with every response at its limit.</summary>
    public required double LongestSecondsPerEvaluation { get; init; }

    /// <summary>Mean length of the untrained policy's responses, in tokens.</summary>
    public required double ResponseTokens { get; init; }

    /// <summary>The limit, in tokens.</summary>
    public required int MaxResponseTokens { get; init; }

    /// <summary>Evaluation queries that were answered; the evaluation's time is that of these, scaled to all.</summary>
    public required int QueriesMeasured { get; init; }

    /// <summary>Tokens of the longest prompt; null in a measurement that an earlier version took.</summary>
    public int? LongestPrompt { get; init; }

    /// <summary>Share of its time that this program waited for a processor meanwhile; 0 where that is not known.</summary>
    public double Waited { get; init; }

    /// <summary>What a page and a command line say of <see cref="Disturbed"/>.</summary>
    public const string DisturbedNote = "Other programs had the processors meanwhile: an idle machine is quicker.";

    /// <summary>
    /// Other programs had so much of the processors that an idle machine would be clearly quicker. This program's own threads get in
    /// one another's way too: on two cores with nothing else running they waited for up to a quarter of the time.
    /// </summary>
    [JsonIgnore]
    public bool Disturbed => Waited > 1 / 3.0;

    /// <summary>
    /// What the time depends on, as 12 hexadecimal digits: plans with equal keys take equally long for a step and an evaluation.
    /// </summary>
    public static string KeyOf(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var full = plan.WithFullPaths();
        // What no step takes longer for is set to one value. Features are words counted: models take the time.
        return (full with
        {
            Design = RewardDesign.Of([]),
            Seed = 0,
            Ppo = new PpoOptions
            {
                BatchSize = full.Ppo.BatchSize,
                MiniBatchSize = full.Ppo.MiniBatchSize,
                GradientAccumulation = full.Ppo.GradientAccumulation,
                Epochs = full.Ppo.Epochs,
                TokenBudget = full.Ppo.TokenBudget,
                MaxPromptTokens = full.Ppo.MaxPromptTokens,
                MaxResponseTokens = full.Ppo.MaxResponseTokens,
            },
            Evaluation = full.Evaluation with { Every = 1, Temperature = 1, TopP = 1 },
        }).Hash;
    }
}
