using System.Text.Json;
using System.Text.Json.Serialization;
using Rer.Engine.Input;
using Rer.Engine.Rewards.Custom;

namespace Rer.Engine.Rewards;

/// <summary>
/// Writes a design as its canonical text, or, where features of the user's own are in it, as an object of text and their definitions:
/// a plan then means the same wherever it goes. Reads both, and any text that <see cref="RewardDesign.Parse(string)"/> does.
/// </summary>
internal sealed class RewardDesignJsonConverter : JsonConverter<RewardDesign>, IJsonWrittenAs
{
    private const string Forms =
        "A design is written as text (`LI*RP`, `OE: LI*RP*QR; CE: RP*RAR`), or as an object with `text` and `features`.";

    Type IJsonWrittenAs.Type => typeof(Written);

    /// <inheritdoc/>
    public override RewardDesign Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Parse(reader.GetString()!, []);
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException(Forms);
        var written = JsonSerializer.Deserialize<Written>(ref reader, options) ?? throw new JsonException(Forms);
        return Parse(written.Text, written.Features);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RewardDesign value, JsonSerializerOptions options)
    {
        if (value.CustomFeatures.Count == 0)
        {
            writer.WriteStringValue(value.Text);
            return;
        }

        // Examples test a definition and do not change it; left out, a plan stays the same plan when one is added.
        JsonSerializer.Serialize(
            writer, new Written(value.Text) { Features = [.. value.CustomFeatures.Select(feature => feature with { Examples = [] })] },
            options);
    }

    private static RewardDesign Parse(string text, IReadOnlyList<FeatureDefinition> own) =>
        RewardDesign.TryParse(text, own, out var design, out var error) ? design : throw new JsonException(error);

    private sealed record Written(string Text)
    {
        public IReadOnlyList<FeatureDefinition> Features { get; init; } = [];
    }
}
