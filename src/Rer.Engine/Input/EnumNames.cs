using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rer.Engine.Input;

/// <summary>Enumerations by their names, but for those that say themselves how they are written: an option's converter would go before
/// theirs.</summary>
internal sealed class EnumNames : JsonConverterFactory
{
    private readonly JsonStringEnumConverter _names = new();

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsEnum && typeToConvert.GetCustomAttribute<JsonConverterAttribute>() is null;

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        _names.CreateConverter(typeToConvert, options);
}
