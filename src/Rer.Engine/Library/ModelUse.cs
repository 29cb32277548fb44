namespace Rer.Engine.Library;

/// <summary>What a model folder can serve as.</summary>
public enum ModelUse
{
    /// <summary>Trained by PPO: a language model.</summary>
    Policy,

    /// <summary>The judge: a model with a head that scores.</summary>
    Gold,

    /// <summary>Embeds texts for relevance: an encoder.</summary>
    Relevance,
}
