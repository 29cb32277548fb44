using Rer.Engine.Runs;

namespace Rer.Web.Plans;

/// <summary>One option of a plan as a page shows and edits it.</summary>
/// <param name="Name">The engine's name of it, as in its errors and on the command line: `clip-range`.</param>
/// <param name="Label">What the page calls it.</param>
/// <param name="Group">Where it stands.</param>
/// <param name="Read">Its value as text.</param>
/// <param name="Write">The plan with the value that a text gives; throws <see cref="FormatException"/>, saying what is right.</param>
public sealed record PlanOption(string Name, string Label, PlanGroup Group, Func<RunPlan, string> Read, Func<RunPlan, string, RunPlan> Write)
{
    /// <summary>Shown always; the others fold away while they stand at their default.</summary>
    public bool Main { get; init; }

    /// <summary>Explanation on hover.</summary>
    public string? Tip { get; init; }

    /// <summary>The values allowed, where they can be listed.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Whether two plans agree on it.</summary>
    public bool Same(RunPlan a, RunPlan b) => Read(a) == Read(b);
}
