using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rer.Engine.Rewards;

/// <summary>Writes a design as its canonical text; reads any text that <see cref="RewardDesign.Parse"/> does.</summary>
public sealed class RewardDesignJsonConverter : JsonConverter<RewardDesign>
{
    /// <inheritdoc/>
    public override RewardDesign Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("A design is written as text: `LI*RP`, `OE: LI*RP*QR; CE: RP*RAR`.");
        return RewardDesign.TryParse(reader.GetString()!, out var design, out var error) ? design : throw new JsonException(error);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RewardDesign value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
