using System.Text.Json;

namespace Rer.Engine.Models;

/// <summary>Typed access to a config file's fields, with errors that name the file, the field and what would be right.</summary>
internal sealed class ConfigFields
{
    private readonly JsonElement _root;

    public ConfigFields(JsonElement root, string path)
    {
        Path = path;
        _root = root.ValueKind == JsonValueKind.Object ? root : throw new InvalidDataException($"{path}: not a JSON object.");
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    public bool Has(string field) => _root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether the file says anything of it, be it null.</summary>
    public bool Stated(string field) => _root.TryGetProperty(field, out _);

    public int PositiveInt(string field)
    {
        var value = OptionalInt(field) ?? throw new InvalidDataException($"{Path}: {field} is missing.");
        return value > 0 ? value : throw new InvalidDataException($"{Path}: {field} is {value}; a positive number is needed.");
    }

    public int? OptionalInt(string field)
    {
        if (!Has(field)) return null;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Wrong(field, "a whole number");
    }

    public double Number(string field, double fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(field, "a number");
    }

    public bool Flag(string field, bool fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(field, "true or false");
    }

    public string Text(string field, string fallback)
    {
        if (!Has(field)) return fallback;
        var value = _root.GetProperty(field);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, "text");
    }

    /// <summary>A field with few allowed values, compared as text.</summary>
    public string OneOf(string field, string fallback, params IEnumerable<string> allowed)
    {
        var value = Has(field) ? _root.GetProperty(field).ToString() : fallback;
        return allowed.Contains(value)
            ? value
            : throw new InvalidDataException($"{Path}: {field} '{value}' is not supported. Supported: {string.Join(", ", allowed)}.");
    }

    /// <summary>The first text of a list.</summary>
    public string FirstText(string field, string fallback)
    {
        if (!Has(field)) return fallback;
        var list = _root.GetProperty(field);
        if (list.ValueKind != JsonValueKind.Array) throw Wrong(field, "a list of names");
        return list.EnumerateArray().Select(item => item.ToString()).FirstOrDefault(fallback);
    }

    /// <summary>A list with one text for each layer.</summary>
    public IReadOnlyList<string> Texts(string field, int count)
    {
        var list = _root.GetProperty(field);
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count
            ? [.. list.EnumerateArray().Select(item => item.ToString())]
            : throw Wrong(field, $"a list of {count} names");
    }

    /// <summary>Token ids: one, a list, or none.</summary>
    public IReadOnlyList<int> Ids(string field)
    {
        if (!Has(field)) return [];
        var value = _root.GetProperty(field);
        var items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value];
        return items.All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _))
            ? [.. items.Select(item => item.GetInt32())]
            : throw Wrong(field, "a token id or a list of them");
    }

    /// <summary>`rope_theta`, at the top or, as transformers 5 writes it, under `rope_parameters`.</summary>
    public double RopeTheta(double fallback) =>
        Has("rope_theta") ? Number("rope_theta", fallback) : Nested("rope_parameters")?.Number("rope_theta", fallback) ?? fallback;

    /// <summary>The share of a head that is rotated: `rotary_pct`, or `partial_rotary_factor` at the top or under `rope_parameters`.</summary>
    public double RotaryFraction(double fallback)
    {
        if (Has("rotary_pct")) return Number("rotary_pct", fallback);
        const string field = "partial_rotary_factor";
        return Has(field) ? Number(field, fallback) : Nested("rope_parameters")?.Number(field, fallback) ?? fallback;
    }

    /// <summary>`rope_scaling` (or `rope_parameters`): none, `linear`, `dynamic`, `yarn` or `llama3`.</summary>
    /// <param name="maxPositions">`max_position_embeddings`.</param>
    public RopeScaling? RopeScaling(int maxPositions)
    {
        var scaling = Nested("rope_scaling") ?? Nested("rope_parameters");
        if (scaling is null) return null;
        var kind = scaling.Text(scaling.Has("rope_type") ? "rope_type" : "type", "default");
        const string original = "original_max_position_embeddings";
        return kind switch
        {
            "default" => null,
            "linear" => new RopeScaling(kind, scaling.RequiredNumber("factor"), OriginalMaxPositions: maxPositions),
            "dynamic" => new RopeScaling(kind, scaling.RequiredNumber("factor"), OriginalMaxPositions: maxPositions),
            "yarn" => Yarn(scaling, scaling.Has(original) ? scaling.PositiveInt(original) : maxPositions, maxPositions),
            "llama3" => new RopeScaling(
                kind, scaling.RequiredNumber("factor"), scaling.RequiredNumber("low_freq_factor"), scaling.RequiredNumber("high_freq_factor"),
                scaling.PositiveInt(original)),
            _ => throw new InvalidDataException($"{Path}: rope scaling '{kind}' is not supported. Supported: default, linear, dynamic, yarn, llama3."),
        };
    }

    private static RopeScaling Yarn(ConfigFields scaling, int original, int maxPositions)
    {
        var factor = scaling.Number("factor", (double)maxPositions / original);
        var attention = scaling.Has("mscale") && scaling.Has("mscale_all_dim")
            ? Models.RopeScaling.YarnAttention(factor, scaling.Number("mscale", 1)) / Models.RopeScaling.YarnAttention(factor, scaling.Number("mscale_all_dim", 1))
            : Models.RopeScaling.YarnAttention(factor);
        return new RopeScaling("yarn", factor, OriginalMaxPositions: original)
        {
            BetaFast = scaling.Number("beta_fast", 32),
            BetaSlow = scaling.Number("beta_slow", 1),
            Truncate = scaling.Flag("truncate", true),
            AttentionFactor = scaling.Number("attention_factor", attention),
        };
    }

    private double RequiredNumber(string field) =>
        Has(field) ? Number(field, 0) : throw new InvalidDataException($"{Path}: rope_scaling.{field} is missing.");

    private ConfigFields? Nested(string field) => Has(field) ? new ConfigFields(_root.GetProperty(field), $"{Path}: {field}") : null;

    private InvalidDataException Wrong(string field, string needed) =>
        new($"{Path}: {field} is {_root.GetProperty(field).GetRawText()}; {needed} is needed.");
}
