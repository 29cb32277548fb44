namespace Rer.Engine.Runs.Alerts;

/// <summary>The rules of <see cref="RunAlerts"/>.</summary>
public enum RunAlertKind
{
    /// <summary>The proxy rises while gold falls, several evaluations in a row.</summary>
    ProxyUpGoldDown,

    /// <summary>The policy is far from the reference: KL well above its target.</summary>
    KlAboveTarget,

    /// <summary>Mini-batches are skipped because the policy ratio passed its threshold.</summary>
    RatioAboveThreshold,

    /// <summary>Entropy has fallen to a small part of what it was.</summary>
    EntropyCollapse,

    /// <summary>Responses are about as long as they may be.</summary>
    LengthNearLimit,

    /// <summary>The policy drifts, and the value loss moves it more than its own loss does.</summary>
    ValueMovesPolicy,
}
