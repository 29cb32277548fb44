using Rer.Engine.Input;

namespace Rer.Engine.Models.Architectures;

/// <summary>
/// The rotary position embedding as config.json has it: under `rope_parameters` (transformers 5) or `rope_scaling` (before), with
/// `rope_theta` and the rotated fraction there or at the top. What stands in the section wins, as in transformers 5: an older version
/// that does not know the section writes its own defaults beside it.
/// </summary>
internal sealed class RopeFields
{
    /// <summary>Fields of the section that change nothing here, or are read below.</summary>
    private static readonly string[] Known =
    [
        "rope_type", "type", "rope_theta", "partial_rotary_factor", "factor", "original_max_position_embeddings", "low_freq_factor",
        "high_freq_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate", "attention_factor", "finetuned",
    ];

    private const string Original = "original_max_position_embeddings";

    private readonly ConfigFields _fields;
    private readonly ConfigFields? _section;

    /// <exception cref="InvalidDataException">The section has a field that is not known.</exception>
    public RopeFields(ConfigFields fields)
    {
        _fields = fields;
        _section = fields.Section("rope_scaling") ?? fields.Section("rope_parameters");
        if (_section?.Names.FirstOrDefault(name => !Known.Contains(name) && _section.Has(name)) is { } unknown)
            throw new InvalidDataException(
                $"{_section.Path}: {Excerpt.Of(unknown)} is not supported. Supported: {string.Join(", ", Known)}.");
    }

    /// <summary>The base of the frequencies.</summary>
    /// <param name="fallback">The base where the file says nothing.</param>
    /// <param name="atTheTop">What the field is called at the top.</param>
    public double Theta(double fallback, string atTheTop = "rope_theta") =>
        _section is not null && _section.Has("rope_theta")
            ? _section.Positive("rope_theta", fallback) : _fields.Positive(atTheTop, fallback);

    /// <summary>The share of a head that is rotated, in (0, 1].</summary>
    public double Fraction(double fallback)
    {
        const string field = "partial_rotary_factor";
        var (holder, name) = _section is not null && _section.Has(field) ? (_section, field)
            : _fields.Has("rotary_pct") ? (_fields, "rotary_pct") : (_fields, field);
        return holder.Number(name, fallback) is > 0 and <= 1 and var share ? share : throw holder.Wrong(name, "a number in (0, 1]");
    }

    /// <summary>The stretching: none, `linear`, `dynamic`, `yarn` or `llama3`.</summary>
    /// <param name="maxPositions">`max_position_embeddings`.</param>
    public RopeScaling? Scaling(int maxPositions)
    {
        if (_section is not { } section) return null;
        var kind = section.Text(section.Has("rope_type") ? "rope_type" : "type", "default");
        return kind switch
        {
            "default" => null,
            "linear" => new RopeScaling(kind, Required(section, "factor"), OriginalMaxPositions: maxPositions),
            "dynamic" => new RopeScaling(kind, Required(section, "factor"), OriginalMaxPositions: maxPositions),
            "yarn" => Yarn(section, section.OptionalSize(Original, int.MaxValue) ?? maxPositions, maxPositions),
            "llama3" => new RopeScaling(
                kind, Required(section, "factor"), Required(section, "low_freq_factor"), Required(section, "high_freq_factor"),
                section.Size(Original, int.MaxValue)),
            _ => throw new InvalidDataException(
                $"{_fields.Path}: rope scaling '{Excerpt.Of(kind)}' is not supported. Supported: default, linear, dynamic, yarn, llama3."),
        };
    }

    private static RopeScaling Yarn(ConfigFields section, int original, int maxPositions)
    {
        var factor = section.Positive("factor", (double)maxPositions / original);
        var attention = section.Has("mscale") && section.Has("mscale_all_dim")
            ? RopeScaling.YarnAttention(factor, section.Number("mscale", 1)) / RopeScaling.YarnAttention(
                factor, section.Number("mscale_all_dim", 1))
            : RopeScaling.YarnAttention(factor);
        return new RopeScaling("yarn", factor, OriginalMaxPositions: original)
        {
            BetaFast = section.Positive("beta_fast", 32),
            BetaSlow = section.Positive("beta_slow", 1),
            Truncate = section.Flag("truncate", true),
            AttentionFactor = section.Positive("attention_factor", attention),
        };
    }

    private static double Required(ConfigFields section, string field) =>
        section.Has(field) ? section.Positive(field, fallback: 1) : throw new InvalidDataException($"{section.Path}.{field} is missing.");
}
