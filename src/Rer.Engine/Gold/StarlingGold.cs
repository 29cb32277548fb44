using Rer.Engine.Tokenizers;

namespace Rer.Engine.Gold;

/// <summary>Starling-RM-7B-alpha and models of its form.</summary>
/// <param name="name">Short name for plans and charts.</param>
/// <param name="model">The checkpoint; owned from here on.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">How it expects query and response to be wrapped; <see cref="GoldTemplate.Starling"/> is its own.</param>
public sealed class StarlingGold(string name, RewardModel model, ITokenizer tokenizer, GoldTemplate template)
    : CheckpointGold(name, model, tokenizer, template)
{
    /// <summary>Its padding is the unknown token, id 0.</summary>
    private const int PaddingId = 0;

    /// <summary>
    /// The position before the first padding token, wherever that stands: an unknown token within the text ends it. Where the very
    /// first token is one, the last position (its code indexes with -1).
    /// </summary>
    internal static int PositionOf(ReadOnlySpan<int> ids) => ids.IndexOf(PaddingId) is var first and > 0 ? first - 1 : ids.Length - 1;

    /// <inheritdoc/>
    protected override int ScorePosition(ReadOnlySpan<int> ids) => PositionOf(ids);
}
