using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Rer.Engine.Input;

/// <summary>Reads JSON that people and other programs write, and names every field that is wrong.</summary>
public static class JsonInput
{
    /// <summary>
    /// Camel case, enumerations as text. A field that is not known, is there twice, is absent although it is needed, or is null where it
    /// may not be, is an error. For whatever reads JSON by itself, such as a request's body; see <see cref="JsonFieldError.Of"/> for its
    /// errors.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonInputException">It is not JSON, or not JSON of a <typeparamref name="T"/>; it has every field that is
    /// wrong.</exception>
    public static T Read<T>(string text) => Read<T>(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="JsonInputException">It is not JSON, or not JSON of a <typeparamref name="T"/>; it has every field that is
    /// wrong.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8) => Read<T>(utf8, Options);

    /// <summary>The same by options that differ from <see cref="Options"/> in how fields are named.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> utf8, JsonSerializerOptions options)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        try
        {
            using var document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (JsonFields.Check(document.RootElement, type) is { Count: > 0 } errors) throw new JsonInputException(errors);
            return document.Deserialize(type)!;
        }
        catch (JsonException error) when (error is not JsonInputException)
        {
            throw new JsonInputException([JsonFieldError.Of(error)]);
        }
        catch (InvalidOperationException error)
        {
            // Half of a surrogate pair, written as an escape: JSON's grammar lets it pass, a text cannot hold it.
            throw new JsonInputException([new JsonFieldError("", error.Message)]);
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            // Responses are any language's text; the files are UTF-8 and never embedded in HTML.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new EnumNames() },
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
