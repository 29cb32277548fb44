using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rer.Engine.Input;

/// <summary>A converter that reads an object by way of another type, which has the fields.</summary>
internal interface IJsonWrittenAs
{
    /// <summary>The type that the JSON object is first read as.</summary>
    Type Type { get; }
}

/// <summary>Compares the fields of a JSON text with those of the type that it is to become, all of them, at every depth.</summary>
internal static class JsonFields
{
    /// <summary>Most fields that are named: what has more is no such text at all.</summary>
    private const int MostErrors = 50;

    /// <summary>Every field that is not known, is null where it may not be, or is absent although it is needed.</summary>
    public static IReadOnlyList<JsonFieldError> Check(JsonElement value, JsonTypeInfo type)
    {
        var errors = new List<JsonFieldError>();
        if (value.ValueKind == JsonValueKind.Null) errors.Add(new JsonFieldError("", "null; an object is needed."));
        else Check(value, type, "", errors);
        return errors;
    }

    private static void Check(JsonElement value, JsonTypeInfo type, string path, List<JsonFieldError> errors)
    {
        if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            CheckObject(value, type, path, errors);
        }
        else if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } && value.ValueKind == JsonValueKind.Array)
        {
            var (of, index) = (type.Options.GetTypeInfo(item), 0);
            foreach (var element in value.EnumerateArray()) CheckElement(element, of, $"{path}[{index++}]", errors);
        }
        else if (type.Converter is IJsonWrittenAs written && value.ValueKind == JsonValueKind.Object)
        {
            Check(value, type.Options.GetTypeInfo(written.Type), path, errors);
        }
        else if (type is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } entry } && value.ValueKind == JsonValueKind.Object)
        {
            var of = type.Options.GetTypeInfo(entry);
            foreach (var field in value.EnumerateObject()) CheckElement(field.Value, of, Join(path, field.Name), errors);
        }
    }

    /// <summary>An element of a list. What lists of this program hold is never null.</summary>
    private static void CheckElement(JsonElement value, JsonTypeInfo type, string path, List<JsonFieldError> errors)
    {
        if (errors.Count >= MostErrors) return;
        if (value.ValueKind == JsonValueKind.Null && Nullable.GetUnderlyingType(type.Type) is null)
            errors.Add(new JsonFieldError(path, "is null, which it may not be."));
        else Check(value, type, path, errors);
    }

    private static void CheckObject(JsonElement value, JsonTypeInfo type, string path, List<JsonFieldError> errors)
    {
        JsonPropertyInfo[] known = [.. type.Properties.Where(property =>
            property.Set is not null || property.AssociatedParameter is not null)];
        var given = new HashSet<string>();
        foreach (var field in value.EnumerateObject())
        {
            if (errors.Count >= MostErrors) return;
            var place = Join(path, field.Name);
            given.Add(field.Name);
            if (known.FirstOrDefault(property => property.Name == field.Name) is not { } property)
                errors.Add(new JsonFieldError(place, NearestName.Unknown(field.Name, [.. known.Select(property => property.Name)])));
            else if (field.Value.ValueKind == JsonValueKind.Null && !MayBeNull(property))
                errors.Add(
                    new JsonFieldError(place, "is null, which it may not be. Leave the field out for its default, or give a value."));
            else
                Check(field.Value, type.Options.GetTypeInfo(property.PropertyType), place, errors);
        }

        foreach (var property in known.Where(property => IsNeeded(property) && !given.Contains(property.Name)))
            errors.Add(new JsonFieldError(Join(path, property.Name), "is missing."));
    }

    private static bool MayBeNull(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;

    private static bool IsNeeded(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static string Join(string path, string name) => path.Length == 0 ? Excerpt.Of(name) : $"{path}.{Excerpt.Of(name)}";
}
