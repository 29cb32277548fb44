namespace Rer.Engine.Options;

/// <summary>Marks a record whose properties are options that a person may set.</summary>
/// <param name="prefix">What every option's name begins with: `lora-`.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptionSectionAttribute(string prefix = "") : Attribute
{
    /// <summary>What every option's name begins with.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>Whether the defaults are those of the paper; messages then say so.</summary>
    public bool DefaultsFromPaper { get; init; }
}
