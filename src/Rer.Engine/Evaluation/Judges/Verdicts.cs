namespace Rer.Engine.Evaluation.Judges;

/// <summary>Names of verdicts.</summary>
public static class Verdicts
{
    /// <summary>The verdict as people read it: `over-optimised`.</summary>
    public static string Title(this Verdict verdict) => verdict switch
    {
        Verdict.TooFewPoints => "too few points",
        Verdict.NotDefined => "not defined",
        Verdict.OverOptimised => "over-optimised",
        Verdict.Monotonic => "monotonic",
        Verdict.LevelsOff => "levels off",
        Verdict.NoRelation => "no relation",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Not a verdict."),
    };
}
