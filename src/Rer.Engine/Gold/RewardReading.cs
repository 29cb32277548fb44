namespace Rer.Engine.Gold;

/// <summary>Where in a sequence a reward model's score is read, as the code that each form was published with has it.</summary>
public enum RewardReading
{
    /// <summary>
    /// At the last token that is not padding by its id (transformers' sequence classifiers): a text that itself ends in that id is read
    /// before it.
    /// </summary>
    LastNotPadding,

    /// <summary>At the last token by the attention mask (OpenRLHF, UltraRM, OpenAssistant's `last`).</summary>
    LastToken,

    /// <summary>
    /// At the token before the first padding id, wherever that stands (Starling): one within the text ends it. Where the very first
    /// token is one, at the last (that code indexes with -1).
    /// </summary>
    BeforeFirstPadding,

    /// <summary>The mean over all tokens (OpenAssistant's `mean`).</summary>
    Mean,
}
