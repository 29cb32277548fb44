using Rer.Engine.Tokenizers;

namespace Rer.Engine.Gold;

/// <summary>A sequence classifier with one label: the reward is the head's output at the last token (transformers' rule).</summary>
/// <param name="name">Short name for plans and charts.</param>
/// <param name="model">The checkpoint; owned from here on.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How it expects query and response to be wrapped.</param>
public sealed class SequenceClassifierGold(string name, RewardModel model, ITokenizer tokenizer, GoldTemplate template)
    : CheckpointGold(name, model, tokenizer, template)
{
    /// <inheritdoc/>
    protected override int ScorePosition(ReadOnlySpan<int> ids) => ids.Length - 1;
}
