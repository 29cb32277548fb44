namespace Rer.Web.Plans;

/// <summary>Which part of the plan column an option stands in.</summary>
public enum PlanGroup
{
    /// <summary>What is trained, on what, judged by what.</summary>
    Inputs,

    /// <summary>PPO's options.</summary>
    Training,

    /// <summary>The adapter's options.</summary>
    Adapter,

    /// <summary>How checkpoints are evaluated.</summary>
    Evaluation,

    /// <summary>Seed and device.</summary>
    Machine,
}
