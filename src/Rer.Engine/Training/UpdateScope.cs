namespace Rer.Engine.Training;

/// <summary>What an update moves.</summary>
internal enum UpdateScope
{
    /// <summary>Both losses move the adapter, as in TRL: policy and value function share the trunk.</summary>
    Shared,

    /// <summary>The policy's loss moves the adapter, the value's loss its head alone.</summary>
    Detached,

    /// <summary>The value head learns and the policy stays as it is.</summary>
    ValueAlone,
}
