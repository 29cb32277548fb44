namespace Rer.Engine.Runs.Export;

/// <summary>Tables of a run that are written as CSV.</summary>
public enum ExportTable
{
    /// <summary>One evaluation per line.</summary>
    Evaluations,

    /// <summary>One step a line.</summary>
    Metrics,

    /// <summary>One response a line.</summary>
    Rollouts,
}
