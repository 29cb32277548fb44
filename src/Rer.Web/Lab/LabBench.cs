using Rer.Engine.Evaluation;

namespace Rer.Web.Lab;

/// <summary>A gold model's accuracy on preference pairs.</summary>
/// <param name="Report">Accuracy, by subset too.</param>
/// <param name="Mistakes">The pairs it gets wrong by the most, worst first.</param>
public sealed record LabBench(RewardBench Report, IReadOnlyList<LabMistake> Mistakes)
{
    /// <summary>Mistakes listed.</summary>
    public const int MostMistakes = 20;
}
