namespace Rer.Engine.Gold;

/// <summary>What kind of gold reward model a plan names.</summary>
public enum GoldKind
{
    /// <summary>A folder with a reward model.</summary>
    Folder,

    /// <summary>Two policies: the implicit reward of one trained by DPO.</summary>
    Dpo,

    /// <summary>OpenRLHF's reward server.</summary>
    OpenRlhf,

    /// <summary>vLLM's `/classify`.</summary>
    VllmClassify,

    /// <summary>vLLM's `/pooling`.</summary>
    VllmPooling,
}
