using Rer.Engine.Evaluation;
using Rer.Engine.Rewards;
using Rer.Engine.Rewards.Custom;
using Rer.Engine.Rewards.Relevance;
using Rer.Engine.Runs.Planning;

namespace Rer.Web.Rollouts;

/// <summary>A run's responses under another design than the one it was trained on.</summary>
/// <remarks>Their features were measured once, when they were sampled, and are kept; a design only recombines them.</remarks>
/// <param name="plan">The run's plan: it says what factors are scaled by.</param>
/// <param name="design">The other design.</param>
public sealed class Rescoring(RunPlan plan, RewardDesign design)
{
    private readonly RewardScale _scale = new(plan.Ppo.MaxResponseTokens, RelevanceModels.CeilingOf(plan.Relevance));

    /// <summary>The other design.</summary>
    public RewardDesign Design => design;

    /// <summary>Reads a design's text or a preset's name; the run's own features and those of the catalog may occur in it.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="text">The text; empty asks for no other design.</param>
    /// <param name="catalog">Features of the user's own.</param>
    /// <param name="error">What is wrong with the text; null where nothing is.</param>
    /// <returns>Null where there is no other design, or none that can be read.</returns>
    public static Rescoring? Read(RunPlan plan, string? text, FeatureCatalog catalog, out string? error)
    {
        error = null;
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (RewardDesign.TryParse(text, catalog.For(plan.Design), out var design, out var wrong)) return new Rescoring(plan, design);
        error = wrong;
        return null;
    }

    /// <summary>The breakdown of a response, or why it has none.</summary>
    public (RewardBreakdown? Breakdown, string? Problem) Score(EvaluationSample rollout)
    {
        try
        {
            return (RewardBreakdown.Of(design, rollout.Item, rollout.QueryType, rollout.Features, _scale), null);
        }
        catch (InvalidOperationException error)
        {
            return (null, error.Message);
        }
    }
}
